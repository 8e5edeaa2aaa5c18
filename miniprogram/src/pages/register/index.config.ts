export default definePageConfig({
  navigationBarTitleText: '验证手机号',
  usingComponents: { 'van-icon': '/vant/icon/index', 'van-loading': '/vant/loading/index', 'van-popup': '/vant/popup/index' },
})
