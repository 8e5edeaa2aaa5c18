/** One HTTP exchange as the client carries it out. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: object | undefined
}

export interface IncomingResponse {
  readonly status: number
  /** Parsed JSON, or text when the answer was no JSON. */
  readonly body: unknown
}

/** No answer came: the phone is offline, the host cannot be reached, or it took too long. Whether the server acted is unknown. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
}

/** Longer than the server's own deadline towards WeChat, shorter than the patience of somebody at a counter. */
const timeoutMs = 12_000

/** Sends a request. @throws NetworkError when no answer arrives within 12 s. */
export function send(request: OutgoingRequest): Promise<IncomingResponse> {
  return new Promise((resolve, reject) => {
    wx.request({
      method: request.method,
      url: request.url,
      header: { ...request.headers, 'content-type': 'application/json' },
      ...(request.body === undefined ? {} : { data: request.body }),
      timeout: timeoutMs,
      success: ({ statusCode, data }) => resolve({ status: statusCode, body: data }),
      fail: ({ errMsg }) => reject(new NetworkError(errMsg)),
    })
  })
}
