export default definePageConfig({
  navigationBarTitleText: '我的权益',
  enablePullDownRefresh: true,
  usingComponents: { 'van-icon': '/vant/icon/index', 'van-loading': '/vant/loading/index', 'van-popup': '/vant/popup/index' },
})
