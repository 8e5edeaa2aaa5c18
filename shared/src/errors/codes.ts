/**
 * Every error a client can meet, with its HTTP status and the sentence a person reads.
 * Codes are stable: clients branch on them, never on the text.
 */
export const errorCatalogue = {
  'request.malformed': { status: 400, title: '请求格式不正确' },
  'request.invalid': { status: 422, title: '有内容需要修改' },
  'request.tooLarge': { status: 413, title: '提交的内容过大' },
  'request.mediaType': { status: 415, title: '只接受 JSON 格式的内容' },
  'request.rateLimited': { status: 429, title: '操作太频繁，请稍后再试' },
  'request.notFound': { status: 404, title: '没有找到您要的内容' },
  'request.methodNotAllowed': { status: 405, title: '不支持这种操作方式' },
  'request.originRefused': { status: 403, title: '请求来源不受信任' },
  'idempotency.keyMissing': { status: 400, title: '缺少 Idempotency-Key 请求头' },
  'idempotency.keyReused': { status: 422, title: '同一个 Idempotency-Key 被用于不同的内容' },
  'idempotency.inProgress': { status: 409, title: '同一请求正在处理中，请稍候' },
  'session.missing': { status: 401, title: '请先登录' },
  'session.expired': { status: 401, title: '登录已过期，请重新登录' },
  'staff.notMember': { status: 403, title: '您不是本企业成员，无法使用员工侧边栏' },
  'staff.outOfScope': { status: 403, title: '您不在应用的可见范围内，请联系管理员' },
  'staff.notOperator': { status: 403, title: '此操作仅限运营管理员' },
  'rights.denied': { status: 403, title: '您没有此项权限，如有需要请联系系统管理员' },
  'rights.notGrantable': { status: 422, title: '不能授予或收回该角色' },
  'approval.notOpenable': { status: 422, title: '所选内容不能申请查看，请刷新后重选' },
  'approval.emergencyDenied': { status: 403, title: '您没有紧急查看的权限，请提交审批' },
  'approval.selfDecision': { status: 403, title: '不能审批自己的申请，也不能重复审批' },
  'approval.subordinateDecision': { status: 403, title: '申请人是您的上级，请由其他审批人处理' },
  'approval.changed': { status: 409, title: '该申请已被处理，请刷新' },
  'approval.notOpen': { status: 403, title: '查看授权已失效，请重新申请' },
  'oauth.stateInvalid': { status: 400, title: '登录链接已失效，请重新打开' },
  'oauth.codeInvalid': { status: 400, title: '登录凭证已失效，请重新打开' },
  'oauth.returnToRefused': { status: 400, title: '返回地址不在允许范围内' },
  'jssdk.hostRefused': { status: 403, title: '该页面地址不在可签名的域名内' },
  'consent.required': { status: 422, title: '请先阅读并同意隐私政策' },
  'consent.policyOutdated': { status: 409, title: '隐私政策已更新，请重新阅读并同意' },
  'form.outdated': { status: 409, title: '登记表已更新，请重新确认' },
  'form.unconfirmed': { status: 422, title: '请核对填写的内容并确认' },
  'form.unpublishable': { status: 422, title: '登记表还不能发布' },
  'form.versionTaken': { status: 409, title: '登记表已有更新的版本，请刷新后再发布' },
  'policy.unpublishable': { status: 422, title: '隐私政策还不能发布' },
  'phone.required': { status: 422, title: '请先授权手机号' },
  'phone.codeInvalid': { status: 422, title: '手机号授权已失效，请再次点击授权' },
  'phone.quotaExhausted': { status: 503, title: '暂时无法获取手机号，请稍后再试' },
  'phone.invalid': { status: 422, title: '该手机号格式无法识别' },
  'login.codeInvalid': { status: 401, title: '微信登录凭证已失效，请重试' },
  'login.blocked': { status: 403, title: '该微信账号暂时无法登录' },
  'login.snapshotUser': { status: 403, title: '请点击页面底部的“使用完整服务”后继续' },
  'risk.challenge': { status: 428, title: '请输入短信验证码完成核验' },
  'risk.denied': { status: 403, title: '暂时无法完成注册，如有疑问请联系客服申诉' },
  'challenge.codeInvalid': { status: 422, title: '验证码不正确或已过期' },
  'invite.closed': { status: 410, title: '该邀请已失效，请联系邀请您的员工重新获取' },
  'apiKey.scopeMissing': { status: 403, title: '该接口密钥没有此项权限' },
  'review.alreadyDecided': { status: 409, title: '该事项已被处理，请刷新' },
  'merge.notUndoable': { status: 409, title: '该合并已撤销，或已被后续合并覆盖，无法撤销' },
  'delivery.refused': { status: 422, title: '无法向该联系方式发送' },
  'growth.orderUnknown': { status: 404, title: '还没有收到这笔订单，请先回传订单再回传退款' },
  'growth.refundTooLarge': { status: 422, title: '累计退款超过了订单实付金额' },
  'rules.versionTaken': { status: 409, title: '规则已有更新的版本，请刷新后再发布' },
  'coupon.unknown': { status: 404, title: '没有这张礼券，请核对券码' },
  'coupon.used': { status: 409, title: '这张礼券已经使用过' },
  'coupon.expired': { status: 410, title: '这张礼券已过有效期' },
  'hold.refused': { status: 409, title: '不能这样变更该法律保全' },
  'transport.insecure': { status: 400, title: '请使用 HTTPS 访问' },
  'member.notFound': { status: 404, title: '您还不是会员' },
  'contact.notFollowing': { status: 404, title: '该客户不在您的客户列表中' },
  'corpTag.unknown': { status: 422, title: '标签不存在或已被删除' },
  'corpTag.managed': { status: 422, title: '该标签由系统维护，不能手动修改' },
  'corpTag.notOurs': { status: 422, title: '该标签不是本应用创建的，请在企业微信管理后台修改' },
  'corpTag.nameTaken': { status: 409, title: '同名标签已存在' },
  'corpTag.capReached': { status: 422, title: '企业标签数量已达上限' },
  'segment.nameTaken': { status: 409, title: '同名分群已存在' },
  'segment.limitReached': { status: 422, title: '分群数量已达上限' },
  'segment.deleting': { status: 409, title: '该分群正在删除' },
  'channel.notFound': { status: 404, title: '渠道不存在' },
  'callback.malformed': { status: 400, title: '回调内容无法解析' },
  'callback.refused': { status: 403, title: '回调验证未通过' },
  'vendor.unavailable': { status: 502, title: '微信服务暂时不可用，请稍后再试' },
  'vendor.configuration': { status: 502, title: '与企业微信的连接配置有误，请联系管理员' },
  'audit.unavailable': { status: 503, title: '暂时无法记录查看行为，资料不能显示，请稍后再试' },
  'server.unavailable': { status: 503, title: '服务暂时不可用，请稍后再试' },
  'server.internal': { status: 500, title: '服务出了点问题，请稍后再试' },
} as const satisfies Record<string, { status: number; title: string }>

/** A stable error code, `<noun>.<what>`. */
export type ErrorCode = keyof typeof errorCatalogue

/** One field that has to change, in a `request.invalid` answer. */
export interface FieldProblem {
  /** Dotted path into the body, query or parameters, e.g. `body.consentIds.0`. */
  readonly path: string
  readonly message: string
}

/** The body of every error answer: RFC 9457 problem+json with a stable `code`. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly detail?: string
  readonly requestId?: string
  readonly errors?: readonly FieldProblem[]
}
