export default definePageConfig({
  navigationBarTitleText: '同意记录',
  usingComponents: { 'van-icon': '/vant/icon/index', 'van-loading': '/vant/loading/index', 'van-popup': '/vant/popup/index' },
})
