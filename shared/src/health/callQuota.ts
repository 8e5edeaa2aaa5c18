/** Calls of one API a company's apps may make in a minute and in an hour: "per corp, per API" of WeCom's page of frequency limits (platform 11, read 2026-11). */
export const wecomCallQuota = { minute: 10_000, hour: 150_000 } as const

/** The windows a quota counts in. */
export type QuotaWindow = keyof typeof wecomCallQuota
