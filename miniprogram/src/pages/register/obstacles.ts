import type { Obstacle } from '../../stores/outcome.ts'

/** What the page says about an obstacle, and the words of its one next step. */
export interface ObstacleWords {
  readonly title: string
  readonly detail: string
  readonly action: string
  /** Offers the way back to browsing beside the next step. */
  readonly canBrowse: boolean
}

/** Plain words: what happened, that nothing is lost, what to do. Never a code. */
export const obstacleWords: Readonly<Record<Obstacle, ObstacleWords>> = {
  phoneRefused: { title: '您没有授权手机号', detail: '没关系，您可以继续浏览；想入会时，再授权一次就好。', action: '再试一次', canBrowse: true },
  privacyRefused: { title: '您还没有同意微信隐私保护指引', detail: '同意后微信才能验证手机号。请稍等十来秒再试。', action: '再试一次', canBrowse: true },
  privacyUndeclared: { title: '手机号验证暂未开通', detail: '这是我们的设置问题，与您无关。请先浏览，或联系门店顾问为您办理。', action: '再试一次', canBrowse: true },
  quotaExhausted: { title: '手机号验证暂时不可用', detail: '今天办理的人有点多，请稍后再试，或联系门店顾问。', action: '再试一次', canBrowse: true },
  phoneUnavailable: { title: '没有拿到手机号', detail: '请确认微信已绑定手机号，然后再试一次。', action: '再试一次', canBrowse: true },
  phoneCodeExpired: { title: '手机号授权已过期', detail: '授权只在五分钟内有效，请再点一次完成入会。', action: '重新授权手机号', canBrowse: false },
  phoneMissing: { title: '还需要验证手机号', detail: '请点下方按钮，由微信验证您的手机号。', action: '授权手机号', canBrowse: false },
  phoneUnsupported: { title: '这个手机号暂时不支持', detail: '请换一个手机号再授权。', action: '换个手机号', canBrowse: true },
  policyUpdated: { title: '隐私政策刚刚更新了', detail: '请阅读新版要点，重新勾选同意后继续。', action: '同意并继续入会', canBrowse: false },
  formUpdated: { title: '入会所需信息有更新', detail: '您填过的内容都还在，请核对后继续。', action: '继续入会', canBrowse: false },
  answersUnconfirmed: { title: '请再核对一次填写的内容', detail: '内容有变化，确认无误后即可继续。', action: '继续入会', canBrowse: false },
  answersWrong: { title: '有内容需要修改', detail: '请按红字提示修改，其他内容都已保留。', action: '继续', canBrowse: false },
  inviteClosed: { title: '这个邀请刚刚失效了', detail: '不影响您入会，您填过的内容都还在，可以直接继续。', action: '继续入会', canBrowse: false },
  challenged: { title: '请输入短信验证码', detail: '为保护您的账号，我们向您的手机发送了验证码。', action: '完成验证', canBrowse: false },
  challengeFailed: { title: '验证码不正确或已过期', detail: '请核对短信后重新输入，或获取新的验证码。', action: '完成验证', canBrowse: false },
  denied: { title: '暂时无法完成入会', detail: '如果这是误判，请联系门店顾问申诉，我们会由专人复核。', action: '再试一次', canBrowse: true },
  loginBlocked: { title: '这个微信账号暂时无法入会', detail: '请联系门店顾问为您处理，您仍可继续浏览。', action: '再试一次', canBrowse: true },
  inProgress: { title: '正在为您办理', detail: '请求已经收到，稍等片刻再查看结果，不会重复办理。', action: '查看结果', canBrowse: false },
  busy: { title: '操作有点频繁', detail: '您的授权还保留着，请稍等一分钟再试。', action: '再试一次', canBrowse: false },
  offline: { title: '网络不太顺畅', detail: '您的授权还保留着，请检查网络后重试，不会重复办理。', action: '重试', canBrowse: false },
  serverDown: { title: '服务暂时繁忙', detail: '您的授权还保留着，请稍后重试，不会重复办理。', action: '重试', canBrowse: false },
}
