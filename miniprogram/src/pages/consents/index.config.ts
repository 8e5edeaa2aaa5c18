export default definePageConfig({
  navigationBarTitleText: '隐私与同意',
  usingComponents: { 'van-icon': '/vant/icon/index', 'van-loading': '/vant/loading/index', 'van-popup': '/vant/popup/index' },
})
