import type { RiskOutcome } from './contract.ts'
import { fastFormSeconds, riskLimits as limits, tenMinutesPerHour } from './limits.ts'
import type { RiskAssessment, RiskFacts, RiskSignal } from './types.ts'

const severity: Readonly<Record<RiskOutcome, number>> = { allow: 0, challenge: 1, hold: 2, deny: 3 }

function isFast(seconds: number | null): boolean {
  return seconds !== null && seconds < fastFormSeconds
}

/** Shared connections carry many people: what comes of them alone is at most a hold (domain rules g 3). */
function networkSignals(facts: RiskFacts, allowed: number): RiskSignal[] {
  const signals: RiskSignal[] = []
  if (facts.ipIn10Min > Math.max(limits.ipIn10Min, allowed)) {
    signals.push({ rule: 'ipIn10Min', family: 'network', level: 'challenge', reason: `同一网络 10 分钟内注册 ${facts.ipIn10Min} 次` })
  }
  if (facts.ipInHour > Math.max(limits.ipInHour, allowed * tenMinutesPerHour)) {
    signals.push({ rule: 'ipInHour', family: 'network', level: 'hold', reason: `同一网络 1 小时内注册 ${facts.ipInHour} 次` })
  }
  if (facts.networkIn10Min > Math.max(limits.networkIn10Min, allowed)) {
    signals.push({ rule: 'networkIn10Min', family: 'network', level: 'challenge', reason: `相邻网段 10 分钟内注册 ${facts.networkIn10Min} 次` })
  }
  return signals
}

function channelSignals(facts: RiskFacts, allowed: number): RiskSignal[] {
  const signals: RiskSignal[] = []
  const { channelIn10Min, fastInChannelIn10Min } = facts
  // More than half below the bound is the same as a median below it.
  if (channelIn10Min > Math.max(limits.channelIn10Min, allowed) && fastInChannelIn10Min * 2 > channelIn10Min) {
    signals.push({ rule: 'channelIn10Min', family: 'channel', level: 'hold', reason: `同一渠道 10 分钟内注册 ${channelIn10Min} 次，填写时间中位数不足 ${fastFormSeconds} 秒` })
  }
  if (isFast(facts.formSeconds) && fastInChannelIn10Min > limits.fastInChannelIn10Min) {
    signals.push({ rule: 'fastInChannelIn10Min', family: 'channel', level: 'hold', reason: `填写时间不足 ${fastFormSeconds} 秒，同一渠道 10 分钟内已有 ${fastInChannelIn10Min} 次` })
  }
  if (facts.repIn10Min > Math.max(limits.repIn10Min, allowed)) {
    signals.push({ rule: 'repIn10Min', family: 'channel', level: 'challenge', reason: `同一员工名下 10 分钟内注册 ${facts.repIn10Min} 次` })
  }
  if (facts.clientIn10Min > Math.max(limits.clientIn10Min, allowed)) {
    signals.push({ rule: 'clientIn10Min', family: 'channel', level: 'challenge', reason: `同一渠道、同类设备 10 分钟内注册 ${facts.clientIn10Min} 次` })
  }
  return signals
}

/** Signals about the phone and the account themselves. No event explains them, so an allowance does not raise them. */
function personSignals(facts: RiskFacts): RiskSignal[] {
  const signals: RiskSignal[] = []
  if (facts.segmentIn10Min > limits.segmentIn10Min) {
    signals.push({ rule: 'segmentIn10Min', family: 'segment', level: 'challenge', reason: `同一号段 10 分钟内注册 ${facts.segmentIn10Min} 次` })
  }
  if (facts.phonesOfAccountInDay > limits.phonesOfAccountInDay) {
    signals.push({ rule: 'phonesOfAccountInDay', family: 'account', level: 'deny', reason: `同一微信账号 1 天内使用了 ${facts.phonesOfAccountInDay} 个手机号` })
  }
  if (facts.accountsOfPhoneIn30Days > limits.accountsOfPhoneIn30Days) {
    signals.push({ rule: 'accountsOfPhoneIn30Days', family: 'phone', level: 'hold', reason: `同一手机号 30 天内用于 ${facts.accountsOfPhoneIn30Days} 个微信账号` })
  }
  return signals
}

function vendorSignals({ vendorRank: rank }: RiskFacts, others: readonly RiskSignal[]): RiskSignal[] {
  if (rank === null || rank < 3) return []
  if (rank === 3) return [{ rule: 'vendorRank', family: 'vendor', level: 'challenge', reason: '微信风险等级 3' }]
  const isBurst = others.length > 0
  return [{ rule: 'vendorRank', family: 'vendor', level: isBurst ? 'deny' : 'hold', reason: isBurst ? '微信风险等级 4，且短时间内大量注册' : '微信风险等级 4' }]
}

/** The gravest level, but a denial needs a second family, and two different reasons to challenge are a reason to hold. */
function outcomeOf(signals: readonly RiskSignal[]): RiskOutcome {
  const families = new Set(signals.map(({ family }) => family)).size
  const gravest = signals.reduce<RiskOutcome>((held, { level }) => (severity[level] > severity[held] ? level : held), 'allow')
  if (gravest === 'deny') return families >= 2 ? 'deny' : 'hold'
  return gravest === 'challenge' && families >= 2 ? 'hold' : gravest
}

/**
 * Decides on one registration (R95, domain rules g): allow, challenge by SMS, hold for a look within 24 h, or deny.
 * Total and monotone: more attempts, a faster form or a higher rank never make the outcome milder; only slow forms on a channel speak
 * for the people there. A denial always rests on two
 * independent signals and never on an address alone. An allowance of the channel raises the limits of shared places, not of persons.
 */
export function assessRisk(facts: RiskFacts): RiskAssessment {
  const allowed = facts.allowedPer10Min ?? 0
  const velocity = [...networkSignals(facts, allowed), ...channelSignals(facts, allowed), ...personSignals(facts)]
  const signals = [...velocity, ...vendorSignals(facts, velocity)]
  return { outcome: outcomeOf(signals), signals, reasons: signals.map(({ reason }) => reason) }
}
