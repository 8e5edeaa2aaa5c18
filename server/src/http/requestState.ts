/** State the log line is made of. */
export interface RequestState {
  requestId: string
  route: string
  actor: string
}
