/** The callbacks every asynchronous `wx` call takes. */
export interface CallOptions {
  readonly success?: (result: Record<string, unknown>) => void
  readonly fail?: (error: Record<string, unknown>) => void
  readonly complete?: (result: Record<string, unknown>) => void
}

/** A refusal with the text and number the client gives. */
export class WxFailure extends Error {
  readonly errno: number | undefined

  constructor(reason: string, errno?: number) {
    super(reason)
    this.name = 'WxFailure'
    this.errno = errno
  }
}

function failureOf(name: string, error: unknown): Record<string, unknown> {
  const reason = error instanceof Error ? error.message : String(error)
  const errno = error instanceof WxFailure ? error.errno : undefined
  return { errMsg: `${name}:fail ${reason}`, ...(errno === undefined ? {} : { errno }) }
}

/**
 * Runs one `wx` call the way the client does: callbacks when any is given, a promise otherwise; `errMsg` always says
 * `name:ok` or `name:fail reason`.
 */
export function settle(name: string, options: CallOptions | undefined, work: () => Promise<Record<string, unknown>> | Record<string, unknown>): Promise<Record<string, unknown>> | undefined {
  const outcome = (async () => ({ errMsg: `${name}:ok`, ...(await work()) }))()
  if (!options?.success && !options?.fail && !options?.complete) {
    return outcome.catch((error: unknown) => {
      throw failureOf(name, error)
    })
  }
  void outcome.then(
    (result) => {
      options.success?.(result)
      options.complete?.(result)
    },
    (error: unknown) => {
      const failure = failureOf(name, error)
      options.fail?.(failure)
      options.complete?.(failure)
    },
  )
  return undefined
}
