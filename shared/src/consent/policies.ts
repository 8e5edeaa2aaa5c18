/** One published text. Versions are never edited: a change is a new entry. */
export interface Policy {
  readonly version: string
  readonly title: string
  /** ISO 8601; the newest version already published is the current one. */
  readonly publishedAt: string
  /** What it changes against the one before: only a material change asks people again (PIPL 14). The first is material. */
  readonly diffClass: 'minor' | 'material'
  /** At most five lines, shown beside the box. */
  readonly summary: readonly string[]
  readonly sections: readonly { readonly heading: string; readonly paragraphs: readonly string[] }[]
}

/** The policy a new installation starts with (R63); later versions are published in the console and kept in the database. */
export const policies: readonly [Policy, ...Policy[]] = [
  {
    version: '2026-01',
    title: '会员隐私政策',
    publishedAt: '2026-01-01T00:00:00.000Z',
    diffClass: 'material',
    summary: [
      '我们收集您的微信标识和经您授权的手机号，用于开通会员、核对身份和服务联系。',
      '手机号加密保存，员工只能看到打码后的号码，每次查看都有记录。',
      '数据保存在中国境内，不出售，也不用于您没有同意的用途。',
      '您可以随时撤回同意、查询、更正或删除信息。',
    ],
    sections: [
      {
        heading: '一、我们收集哪些信息',
        paragraphs: [
          '微信标识（openid、unionid）：在您打开小程序时由微信提供，用于保持登录状态，并识别您在本企业公众号、小程序和企业微信中的同一身份。',
          '手机号：仅在您勾选同意并点击授权后，由微信向我们提供，用于开通会员、核对身份和与会员服务有关的联系。',
          '您可以只浏览、不入会；此时我们不会收集您的手机号。',
        ],
      },
      {
        heading: '二、我们如何使用信息',
        paragraphs: [
          '用于会员注册、等级与权益计算、为您提供服务的员工识别您的会员身份。',
          '除非另行征得您的同意，我们不会将这些信息用于营销推送，也不会向第三方出售。',
        ],
      },
      {
        heading: '三、我们如何保护和保存信息',
        paragraphs: [
          '手机号等信息以 AES-256-GCM 加密保存在中国境内的服务器上，页面默认打码展示，员工的每次查看都会留下记录。',
          '会员关系存续期间我们保存您的信息；您注销会员后，除法律要求保留的记录外，我们会删除或匿名化处理。',
        ],
      },
      {
        heading: '四、您的权利',
        paragraphs: [
          '您可以查询、更正、复制、删除您的信息，可以撤回同意或注销会员。撤回同意不影响此前基于同意已进行的处理。',
          '您可以联系为您服务的员工或本企业客服行使上述权利，我们会在 15 个工作日内答复。',
        ],
      },
      {
        heading: '五、政策更新',
        paragraphs: ['政策发生实质变化时，我们会在您下次使用时重新征得您的同意；历史版本始终可以查阅。'],
      },
    ],
  },
]
