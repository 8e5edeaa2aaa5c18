/** `138 0000 1111`, as mainland mobile numbers are read aloud; every other number keeps its country code. Expects E.164. */
export function phoneText(phone: string): string {
  return phone.replace(/^\+86(1\d{2})(\d{4})(\d{4})$/, '$1 $2 $3')
}
