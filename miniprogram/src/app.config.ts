export default defineAppConfig({
  pages: ['pages/landing/index'],
  window: {
    navigationBarTitleText: '企会',
    navigationBarBackgroundColor: '#ffffff',
    navigationBarTextStyle: 'black',
    backgroundColor: '#f5f6f8',
    backgroundTextStyle: 'dark',
  },
  lazyCodeLoading: 'requiredComponents',
})
