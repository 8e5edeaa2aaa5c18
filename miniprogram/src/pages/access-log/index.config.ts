export default definePageConfig({
  navigationBarTitleText: '谁看过我的资料',
  usingComponents: { 'van-icon': '/vant/icon/index', 'van-loading': '/vant/loading/index', 'van-popup': '/vant/popup/index' },
})
