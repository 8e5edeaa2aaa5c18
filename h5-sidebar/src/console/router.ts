import { createRouter, createWebHashHistory, type Router, type RouterHistory } from 'vue-router'

/** Hash routes under `/console/`; screens are loaded when they are opened. */
export function createConsoleRouter(history: RouterHistory = createWebHashHistory()): Router {
  return createRouter({
    history,
    routes: [
      { path: '/', redirect: { name: 'overview' } },
      { path: '/overview', name: 'overview', component: () => import('./pages/overview/OverviewPage.vue'), meta: { title: '概览' } },
      { path: '/channels', name: 'channels', component: () => import('./pages/channels/ChannelListPage.vue'), meta: { title: '渠道' } },
      { path: '/channels/new', name: 'newChannel', component: () => import('./pages/channels/NewChannelPage.vue'), meta: { title: '新建渠道' } },
      { path: '/channels/:channelId', name: 'channel', component: () => import('./pages/channels/ChannelPage.vue'), props: true, meta: { title: '渠道详情' } },
      { path: '/segments', name: 'segments', component: () => import('./pages/segments/SegmentListPage.vue'), meta: { title: '动态分群' } },
      { path: '/segments/new', name: 'newSegment', component: () => import('./pages/segments/SegmentEditorPage.vue'), meta: { title: '新建分群' } },
      { path: '/segments/:segmentId', name: 'segment', component: () => import('./pages/segments/SegmentEditorPage.vue'), props: true, meta: { title: '编辑分群' } },
      { path: '/corp-tags', name: 'corpTags', component: () => import('./pages/corp-tags/CorpTagPage.vue'), meta: { title: '企业标签' } },
      { path: '/tier-tags', name: 'tierTags', component: () => import('./pages/tier-tags/TierTagPage.vue'), meta: { title: '等级标签' } },
      { path: '/forms', name: 'forms', component: () => import('./pages/forms/FormListPage.vue'), meta: { title: '登记表' } },
      { path: '/forms/:formKey', name: 'form', component: () => import('./pages/forms/FormEditorPage.vue'), props: true, meta: { title: '编辑登记表' } },
      { path: '/policies', name: 'policies', component: () => import('./pages/policies/PolicyListPage.vue'), meta: { title: '隐私政策' } },
      { path: '/policies/new', name: 'newPolicy', component: () => import('./pages/policies/PolicyEditorPage.vue'), meta: { title: '撰写新版隐私政策' } },
      { path: '/identity-reviews', name: 'reviews', component: () => import('./pages/reviews/ReviewListPage.vue'), meta: { title: '身份复核' } },
      { path: '/identity-reviews/:reviewId', name: 'review', component: () => import('./pages/reviews/ReviewPage.vue'), props: true, meta: { title: '身份复核' } },
      { path: '/merges', name: 'merges', component: () => import('./pages/merges/MergeListPage.vue'), meta: { title: '合并记录' } },
      { path: '/risk', name: 'risk', component: () => import('./pages/risk/RiskPage.vue'), meta: { title: '注册风险' } },
      { path: '/approvals', name: 'approvals', component: () => import('./pages/approvals/ApprovalPage.vue'), meta: { title: '敏感信息审批' } },
      { path: '/deliveries', name: 'deliveries', component: () => import('./pages/deliveries/DeliveryListPage.vue'), meta: { title: '消息发送' } },
      { path: '/rights', name: 'rights', component: () => import('./pages/rights/RightsPage.vue'), meta: { title: '角色与权限' } },
      { path: '/growth-rules', name: 'growthRules', component: () => import('./pages/growth-rules/GrowthRulePage.vue'), meta: { title: '成长规则' } },
      { path: '/growth-rules/new', name: 'newGrowthRules', component: () => import('./pages/growth-rules/GrowthRuleEditorPage.vue'), meta: { title: '修改成长规则' } },
      { path: '/tier-rules', name: 'tierRules', component: () => import('./pages/tier-rules/TierRulePage.vue'), meta: { title: '等级规则' } },
      { path: '/tier-rules/new', name: 'newTierRules', component: () => import('./pages/tier-rules/TierRuleEditorPage.vue'), meta: { title: '修改等级规则' } },
      { path: '/documents', name: 'documents', component: () => import('./pages/documents/DocumentListPage.vue'), meta: { title: '资料链接' } },
      { path: '/staff-behaviour', name: 'staffBehaviour', component: () => import('./pages/staff-behaviour/StaffBehaviourPage.vue'), meta: { title: '员工沟通' } },
      { path: '/lifecycle', name: 'lifecycle', component: () => import('./pages/lifecycle/LifecyclePage.vue'), meta: { title: '归档与删除' } },
      { path: '/audit', name: 'audit', component: () => import('./pages/audit/AuditPage.vue'), meta: { title: '审计日志' } },
      { path: '/compliance', name: 'compliance', component: () => import('./pages/lifecycle/CompliancePage.vue'), meta: { title: '合规报告' } },
      { path: '/api-keys', name: 'apiKeys', component: () => import('./pages/api-keys/ApiKeyPage.vue'), meta: { title: '接口密钥' } },
      { path: '/health', name: 'health', component: () => import('./pages/health/HealthPage.vue'), meta: { title: '系统健康' } },
      { path: '/dead-letters', name: 'deadLetters', component: () => import('./pages/dead-letters/DeadLetterPage.vue'), meta: { title: '失败任务' } },
      { path: '/:rest(.*)*', redirect: { name: 'overview' } },
    ],
  })
}
