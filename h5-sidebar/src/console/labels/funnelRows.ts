import type { getChannelFunnel } from '@qihui/shared/channel'
import type { ResponseOf } from '@qihui/shared/http'

export type ChannelFunnel = ResponseOf<typeof getChannelFunnel>
type FunnelStep = ChannelFunnel['steps'][number]

const stepLabels: Record<FunnelStep['step'], string> = { opened: '打开页面', consented: '同意隐私政策', phone: '授权手机号', member: '成为会员', linked: '关联企业微信客户' }

interface FunnelRow extends FunnelStep {
  readonly label: string
  /** Of those who opened, 0 to 100. */
  readonly percent: number
  readonly share: string
  readonly drop: string
}

function percentOf(part: number, whole: number): string {
  return whole === 0 ? '—' : `${Math.round((part / whole) * 1000) / 10}%`
}

/** A funnel ready to be read. Steps that can be left out (no phone on the invite page) may gain people; that is no loss. */
export function funnelRows(steps: readonly FunnelStep[]): FunnelRow[] {
  const opened = steps[0]?.visits ?? 0
  return steps.map((step, index) => {
    const before = index === 0 ? step.visits : (steps[index - 1]?.visits ?? 0)
    return {
      ...step,
      label: stepLabels[step.step],
      percent: opened === 0 ? 0 : Math.min(100, (step.visits / opened) * 100),
      share: percentOf(step.visits, opened),
      drop: index === 0 ? '—' : percentOf(Math.max(0, before - step.visits), before),
    }
  })
}
