export default definePageConfig({
  navigationBarTitleText: '我的信息',
  usingComponents: { 'van-icon': '/vant/icon/index', 'van-loading': '/vant/loading/index', 'van-popup': '/vant/popup/index' },
})
