/** At most `limit` calls per `windowMs`; the next one blocks the caller for the length of the window [1.1 45009]. */
export interface FrequencyLimit {
  limit: number
  windowMs: number
  errcode: number
}

/** What platform section 13 leaves open: the default is the likelier reading, the tests of the product try both. */
export interface SandboxSwitches {
  /** Repeated gettoken inside the life gives the same token (old page text) or a new one each time. */
  isGettokenRepeatable: boolean
  /** Old and new `/cgi-bin/token` tokens overlap this long, milliseconds. */
  wxTokenOverlapMs: number
  /** A re-used wx.login code. */
  reusedJsCode: 40029 | 40163
  /** A consumed code at auth/getuserinfo. */
  reusedCorpCode: 40029 | 42022
  /** An expired code at auth/getuserinfo. */
  expiredCorpCode: 40029 | 42003
  /** A token voided early by the platform. */
  deadCorpToken: 40014 | 42001
  /** Event of a scan with skip_verify. */
  skipVerifyEvent: 'add_external_contact' | 'add_half_external_contact'
  /** The member who deleted the customer still shows in `follow_user[]`. */
  isDeletedByMemberStillListed: boolean
  /** `list` of a member without customers. */
  emptyContactList: 'emptyList' | 84061
  /** `get` of somebody no visible member follows. */
  unknownContactCode: 84061 | 40096
  /** Event when a member enters or leaves the visible scope. */
  hiddenStaffEvent: 'update_user' | 'delete_user'
  /** gettoken itself checks the trusted IP list. */
  isIpCheckedAtGettoken: boolean
  /** Pushes per event in all, and the pause between them; the spacing is not documented. */
  callbackTries: number
  callbackRetryMs: number
  /** Codes the platform notes do not name for the case. */
  codes: { tagNotOwned: number; corpTagCap: number; badArgument: number; unknownGroup: number }
}

/** Everything about the platform that an admin, an operator or a test can set. All of it may change while the sandbox runs. */
export interface SandboxSettings {
  /** 企业可信IP; null: any caller. Others get 60020 [1.1]. */
  trustedIps: string[] | null
  /** IP whitelist of the mini-program and the official account; null: any. Others get 40164 [1.2]. */
  wechatTrustedIps: string[] | null
  /** 可信域名: host and port; for OAuth and JSSDK [3.1, 2.2]. */
  trustedDomains: string[]
  /** 网页授权域名 of the official account [9]. */
  oaDomains: string[]
  /** By path without host, `/cgi-bin/externalcontact/get`; more strict ones replace the defaults of the path. */
  frequency: Map<string, FrequencyLimit>
  /** Calls of one API in flight at once, then 45033; no public number, so unlimited unless set. */
  concurrency: Map<string, number>
  /** Wrong secrets before the caller's IP is banned for an hour; the number is not public. */
  wrongSecretsBeforeBan: number
  /** The app is among 可调用接口的应用 of 客户联系; otherwise 48002 [4.1]. */
  hasContactApi: boolean
  /** Mini-program and official account are attached to the open-platform account [8.1]. */
  isOpenPlatformBound: boolean
  /** The corp has bound its 微信开发者ID, so external contacts carry a unionid [4.2]. */
  isDeveloperIdBound: boolean
  /** Web authorisation answers with the fake account of the snapshot page [9]. */
  isSnapshotPage: boolean
  /** Members for whom the console already has a welcome: their events carry no code [4.5]. */
  consoleWelcomeStaff: Set<string>
  /** 10,000 on new pages, 3,000 on old ones [5]. */
  corpTagCap: number
  /** Published pages of the mini-program; null: unknown, every page is fine [8.1]. */
  publishedPages: string[] | null
  /** How long a change of one (member, customer) pair takes; a second one meanwhile gets 45035. Milliseconds of real time. */
  pairOperationMs: number
  /** Real milliseconds a callback may take [7.1]. */
  callbackTimeoutMs: number
  switches: SandboxSwitches
}

/** Settings of a fresh sandbox. @param domains host and port of the product's one address */
export function defaultSettings(domains: readonly string[]): SandboxSettings {
  return {
    trustedIps: null,
    wechatTrustedIps: null,
    trustedDomains: [...domains],
    oaDomains: [...domains],
    frequency: new Map(),
    concurrency: new Map(),
    wrongSecretsBeforeBan: 20,
    hasContactApi: true,
    isOpenPlatformBound: true,
    isDeveloperIdBound: true,
    isSnapshotPage: false,
    consoleWelcomeStaff: new Set(),
    corpTagCap: 10_000,
    publishedPages: null,
    pairOperationMs: 2,
    callbackTimeoutMs: 5_000,
    switches: {
      isGettokenRepeatable: true,
      wxTokenOverlapMs: 300_000,
      reusedJsCode: 40029,
      reusedCorpCode: 40029,
      expiredCorpCode: 40029,
      deadCorpToken: 40014,
      skipVerifyEvent: 'add_external_contact',
      isDeletedByMemberStillListed: false,
      emptyContactList: 'emptyList',
      unknownContactCode: 84061,
      hiddenStaffEvent: 'update_user',
      isIpCheckedAtGettoken: false,
      callbackTries: 3,
      callbackRetryMs: 1_000,
      codes: { tagNotOwned: 81011, corpTagCap: 45024, badArgument: 40058, unknownGroup: 40068 },
    },
  }
}
