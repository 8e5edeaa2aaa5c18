/** Shortest note that says something; the server asks for the same. */
const shortestNote = 4

interface Written {
  readonly phone: string
  readonly kind: string | null
  readonly day: string
  readonly note: string
}

/** What is missing in an entry before the server is asked, by input. `today` is `YYYY-MM-DD`. */
export function problemsOf({ phone, kind, day, note }: Written, today: string): Record<string, string> {
  const found: Record<string, string> = {}
  if (phone.trim() === '') found['phone'] = '请填写手机号'
  if (kind === null) found['kind'] = '请选择客户以什么方式同意'
  if (day === '') found['at'] = '请选择客户同意的日期'
  else if (day > today) found['at'] = '日期不能晚于今天'
  if (note.trim().length < shortestNote) found['note'] = `请写明客户同意的经过，至少 ${shortestNote} 个字`
  return found
}
