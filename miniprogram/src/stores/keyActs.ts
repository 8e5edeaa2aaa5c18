import { postKeyAct } from '../api/calls.ts'

/** Tells the server of a payment or an enquiry, so that it looks at the linking of the accounts again (R41). Silent: it never stops what the person does. */
export function noteKeyAct(act: Parameters<typeof postKeyAct>[0]): void {
  void postKeyAct(act).catch(() => undefined)
}
