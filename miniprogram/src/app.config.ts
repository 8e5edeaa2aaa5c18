export default defineAppConfig({
  pages: ['pages/landing/index', 'pages/register/index', 'pages/success/index', 'pages/member/index', 'pages/benefits/index', 'pages/tier/index', 'pages/policy/index', 'pages/consents/index', 'pages/consent-history/index', 'pages/access-log/index', 'pages/my-data/index', 'pages/erasure/index'],
  window: {
    navigationBarTitleText: '企会',
    navigationBarBackgroundColor: '#ffffff',
    navigationBarTextStyle: 'black',
    backgroundColor: '#f5f6f8',
    backgroundTextStyle: 'dark',
  },
  lazyCodeLoading: 'requiredComponents',
})
