/** A refusal of the sandbox, in its own words. */
export class SandboxRefusal extends Error {
  readonly errno: number | undefined

  constructor(message: string, errno: number | undefined) {
    super(message)
    this.name = 'SandboxRefusal'
    this.errno = errno
  }
}

/** Posts to the control API of the sandbox. @throws SandboxRefusal with the reason it gives. */
export async function postSandbox<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(`/_sandbox${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const answer = (await response.json()) as T & { message?: string; errno?: number }
  if (!response.ok) throw new SandboxRefusal(answer.message ?? `HTTP ${response.status}`, answer.errno)
  return answer
}
