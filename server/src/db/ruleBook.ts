import { createVersionShelf } from './versionShelf.ts'

/** One version of some rules, in force from an instant on until a later one is. */
interface RuleVersion {
  readonly version: string
  /** ISO 8601 in UTC with milliseconds, so that text order is time order. */
  readonly effectiveFrom: string
}

/**
 * How far ahead of its publication rules come into force at the earliest, milliseconds. A book may be five seconds old: so every process
 * knows of a version before the first event it decides about.
 */
export const ruleLeadMs = 10_000

/**
 * Published rules, from memory: a posting or a registration asks no table for them. Asked before a transaction, never inside one: now and
 * then it needs a connection of its own, and a crowd that waits for a lock may hold them all.
 */
export interface RuleBook<Rules extends RuleVersion> {
  /** The rules that decide about what happens, or happened, at an instant. */
  at(instant: Date): Promise<Rules>
  /** All of them, for events whose time or version is known only later. */
  versions(): Promise<readonly [Rules, ...Rules[]]>
  /** Looks for new versions now. */
  refresh(): Promise<void>
}

interface RuleSource<Rules> {
  /** All versions there are. */
  readonly readAll: () => Promise<readonly Rules[]>
  /** What an installation without any goes by. */
  readonly first: Rules
  /** Which of them decides at an instant. */
  readonly pick: (versions: readonly [Rules, ...Rules[]], at: string) => Rules
  readonly now: () => Date
}

/** Opens a book on one kind of rules. */
export function createRuleBook<Rules extends RuleVersion>({ readAll, first, pick, now }: RuleSource<Rules>): RuleBook<Rules> {
  const shelf = createVersionShelf<Rules, Rules>({ now, readMarks: readAll, readVersion: async (version) => (await readAll()).find((rules) => rules.version === version) ?? null })
  const versions = async () => {
    const [oldest = first, ...later] = await shelf.marks()
    return [oldest, ...later] as const
  }
  return {
    versions,
    at: async (instant) => pick(await versions(), instant.toISOString()),
    async refresh() {
      await shelf.refresh()
    },
  }
}
