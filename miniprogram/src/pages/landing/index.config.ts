export default definePageConfig({
  navigationBarTitleText: '会员中心',
  usingComponents: { 'van-icon': '/vant/icon/index', 'van-popup': '/vant/popup/index', 'van-loading': '/vant/loading/index' },
})
