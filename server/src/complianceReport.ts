import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createServices } from './createServices.ts'
import { EnvError, readEnv } from './env.ts'
import { complianceCsv, complianceHtml, getComplianceReport } from './modules/lifecycle/complianceReport.ts'

/** `npm run compliance:report -- [folder]`: writes the report of the quarter as HTML and CSV (R68). Reads only. */
async function run(folder: string): Promise<void> {
  const services = createServices({ ...readEnv(), logLevel: 'silent' })
  try {
    const report = await getComplianceReport(services)
    const base = path.join(folder, `compliance-${report.generatedAt.slice(0, 10)}`)
    await writeFile(`${base}.html`, complianceHtml(report, services.env.brandName))
    await writeFile(`${base}.csv`, complianceCsv(report))
    process.stdout.write(`合规报告已写入 ${base}.html 与 ${base}.csv\n`)
  } finally {
    await services.db.close()
  }
}

run(process.argv[2] ?? process.cwd()).catch((error: unknown) => {
  const lines = error instanceof EnvError ? error.lines : [`报告没有生成：${error instanceof Error ? error.message : String(error)}`]
  for (const line of lines) process.stderr.write(`${line}\n`)
  process.exitCode = 1
})
