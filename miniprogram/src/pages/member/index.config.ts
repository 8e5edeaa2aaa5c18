export default definePageConfig({
  navigationBarTitleText: '会员中心',
  enablePullDownRefresh: true,
  usingComponents: { 'van-icon': '/vant/icon/index', 'van-loading': '/vant/loading/index', 'van-popup': '/vant/popup/index' },
})
