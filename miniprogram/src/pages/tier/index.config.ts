export default definePageConfig({
  navigationBarTitleText: '等级说明',
  enablePullDownRefresh: true,
  usingComponents: { 'van-icon': '/vant/icon/index', 'van-loading': '/vant/loading/index', 'van-popup': '/vant/popup/index' },
})
