export default definePageConfig({
  navigationBarTitleText: '会员入会',
  usingComponents: { 'van-icon': '/vant/icon/index', 'van-loading': '/vant/loading/index', 'van-popup': '/vant/popup/index' },
})
