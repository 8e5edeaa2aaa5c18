export default definePageConfig({
  navigationBarTitleText: '注销账号',
  usingComponents: { 'van-icon': '/vant/icon/index', 'van-loading': '/vant/loading/index', 'van-popup': '/vant/popup/index' },
})
