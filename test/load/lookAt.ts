import { readdirSync, readFileSync } from 'node:fs'
import type { Target } from './startTarget.ts'
import type { Sample } from './verdict.ts'

const kibibytesPerMebibyte = 1024

function figureOf(text: string, name: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `) || candidate.startsWith(`${name}{`))
  return Number(line?.slice(line.lastIndexOf(' ') + 1) ?? 0)
}

/** Memory and handles as the system tells them (Linux), the rest as the server's own figures do. */
export async function lookAt({ pid, serverUrl, metricsToken }: Pick<Target, 'pid' | 'serverUrl' | 'metricsToken'>, minute: number): Promise<Sample> {
  const figures = await fetch(`${serverUrl}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } }).then((answer) => answer.text())
  return {
    minute,
    rssMb: Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / kibibytesPerMebibyte,
    heapMb: figureOf(figures, 'nodejs_heap_size_used_bytes') / kibibytesPerMebibyte / kibibytesPerMebibyte,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    lagMs: figureOf(figures, 'nodejs_eventloop_lag_p99_seconds') * 1000,
    connections: figureOf(figures, 'qihui_database_pool_in_use'),
    callersWaiting: figureOf(figures, 'qihui_database_pool_waiting'),
  }
}
