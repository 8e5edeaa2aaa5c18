import type { Finding, FindingOutcome } from '@qihui/shared/doctor'
import { createServices } from './createServices.ts'
import { EnvError, readEnv } from './env.ts'
import { examine } from './modules/doctor/examine.ts'

const marks: Readonly<Record<FindingOutcome, string>> = { ok: '[ 正常 ]', failed: '[ 异常 ]', waiting: '[ 等待 ]', byHand: '[ 人工 ]', skipped: '[ 跳过 ]' }

function linesOf({ title, outcome, detail, remedy, where }: Finding): string[] {
  const first = `${marks[outcome]} ${title}：${detail}`
  const isQuiet = outcome === 'ok' || remedy === null
  return isQuiet ? [first] : [first, `         怎么办：${remedy}`, ...(where === null ? [] : [`         在哪里：${where}`])]
}

/** `npm run doctor`: one line per setting, with what to change and where. Ends with 1 when something is wrong. */
async function run(): Promise<void> {
  const services = createServices({ ...readEnv(), logLevel: 'silent' })
  try {
    const { findings } = await examine(services)
    for (const line of findings.flatMap(linesOf)) process.stdout.write(`${line}\n`)
    const failed = findings.filter(({ outcome }) => outcome === 'failed').length
    process.stdout.write(failed === 0 ? '没有发现异常。\n' : `发现 ${failed} 处异常，请从第一处开始处理。\n`)
    process.exitCode = failed === 0 ? 0 : 1
  } finally {
    await services.db.close()
  }
}

run().catch((error: unknown) => {
  const lines = error instanceof EnvError ? error.lines : [`检查没有完成：${error instanceof Error ? error.message : String(error)}`]
  for (const line of lines) process.stderr.write(`${line}\n`)
  process.exitCode = 1
})
