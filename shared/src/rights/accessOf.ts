import type { FieldAccess } from './types.ts'

/** Known facts of a membership: whoever may read the customer reads them. */
export const openAccess: FieldAccess = {
  own: { serviceAgent: 'raw', salesRep: 'raw' },
  team: { serviceAgent: 'raw', salesRep: 'raw' },
  write: [],
}

/** What the chat shows anyway: raw to whoever serves the customer, masked to colleagues. */
export const chatAccess: FieldAccess = {
  own: { serviceAgent: 'raw', salesRep: 'raw' },
  team: { serviceAgent: 'masked', salesRep: 'masked' },
  write: [],
}

/** What somebody noted for themselves: nobody else sees it. */
export const ownNotesAccess: FieldAccess = { own: chatAccess.own, team: {}, write: [] }

/** Personal values: masked to everybody who may read the customer; entered by whoever serves them. */
export const maskedAccess: FieldAccess = {
  own: { serviceAgent: 'masked', salesRep: 'masked' },
  team: { serviceAgent: 'masked', salesRep: 'masked' },
  write: ['serviceAgent', 'salesRep'],
}

/** Sensitive values: known to be there, seen only with an approval, written by the person alone. */
export const sealedAccess: FieldAccess = {
  own: { serviceAgent: 'none', salesRep: 'none' },
  team: { serviceAgent: 'none', salesRep: 'none' },
  write: [],
}

/** Who sees the answer to a field of a form: its class decides (domain rules i 1). */
export function answerAccess(fieldClass: 'P' | 'N' | 'S'): FieldAccess {
  if (fieldClass === 'S') return sealedAccess
  return fieldClass === 'P' ? { ...openAccess, write: maskedAccess.write } : maskedAccess
}
