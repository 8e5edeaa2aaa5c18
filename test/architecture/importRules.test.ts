/** Each import rule of docs/architecture.md bites: a small workspace breaks every one of them, another keeps them all. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import rules from '../../.dependency-cruiser.mjs'
import { writeTree, type Tree } from './writeTree.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PACKAGES = ['koa', 'valibot', 'lodash', 'pinia', 'axios', '@casl/ability']

interface Violation {
  readonly rule: string
  readonly from: string
  readonly to: string
}

/** What must be reported: rule, the file that breaks it, what it reached for. */
const BROKEN: readonly (Violation & { readonly because: string })[] = [
  violation('1-shared-stands-alone', 'shared/src/tier/clever.ts', 'node_modules/lodash/index.js', 'shared imports another library'),
  violation('1-shared-stands-alone', 'shared/src/tier/reads.ts', 'fs', 'shared imports Node'),
  violation('1-casl-behind-rights', 'server/src/modules/tier/queries.ts', 'node_modules/@casl/ability/index.js', 'a query asks about a type'),
  violation('3-packages-meet-in-shared', 'h5-sidebar/src/api/steals.ts', 'server/src/modules/tier/queries.ts', 'a client imports the server'),
  violation('3-shared-through-its-nouns', 'server/src/modules/tier/policy.ts', 'shared/src/tier/tierFor.ts', 'the server reaches inside a noun'),
  violation('3-no-relative-path-out-of-a-package', 'server/src/modules/tier/policy.ts', 'shared/src/tier/tierFor.ts', 'by a relative path'),
  violation('4-vendors-stay-at-the-edge', 'server/src/modules/tier/commands.ts', 'server/src/wecom/wecom.ts', 'a command calls the vendor'),
  violation('4-vendors-stay-at-the-edge', 'server/src/modules/tier/steps.ts', 'server/src/wechat/wechat.ts', 'a step knows the vendor, even by type'),
  violation('4-vendors-stay-at-the-edge', 'server/src/modules/delivery/commands.ts', 'server/src/messaging/mail.ts', 'a command sends mail'),
  violation('5-koa-at-the-doors', 'server/src/modules/tier/queries.ts', 'node_modules/koa/index.js', 'a query knows HTTP'),
  violation('6-commands-do-not-chain', 'server/src/modules/growth/commands.ts', 'server/src/modules/tier/commands.ts', 'a command runs a command'),
  violation('7-handlers-run-in-the-worker', 'server/src/app.ts', 'server/src/modules/tier/handlers.ts', 'the web process opens the job door'),
  violation('8-wire-types-stay-in-their-edge', 'server/src/callbacks/intake.ts', 'server/src/wecom/contact.wire.ts', 'vendor spelling leaves its edge'),
  violation('9-entries-do-not-meet', 'h5-sidebar/src/console/main.ts', 'h5-sidebar/src/sidebar/card.ts', 'one entry imports another'),
  violation('10-components-only-show', 'h5-sidebar/src/components/TierCard.vue', 'h5-sidebar/src/api/client.ts', 'a component calls the server'),
  violation('10-components-only-show', 'miniprogram/src/components/Code.vue', 'node_modules/pinia/index.js', 'a component has a store'),
  violation('12-no-cycles', 'server/src/jobs/first.ts', 'server/src/jobs/second.ts', 'two files need each other'),
  violation('12-no-orphans', 'server/src/jobs/forgotten.ts', 'server/src/jobs/forgotten.ts', 'nobody imports it'),
  violation('12-production-without-tests', 'server/src/jobs/queue.ts', 'server/src/testing/factory.ts', 'production imports test support'),
  violation('12-no-unresolvable', 'server/src/jobs/lost.ts', './nowhere.ts', 'the import leads nowhere'),
]

const BROKEN_TREE: Tree = {
  'shared/src/tier/index.ts': `import './clever.ts'\nimport './reads.ts'\nexport * from './tierFor.ts'\n`,
  'shared/src/tier/tierFor.ts': 'export const tierFor = 1\n',
  'shared/src/tier/clever.ts': `import lodash from 'lodash'\nexport const clever = lodash\n`,
  'shared/src/tier/reads.ts': `import { readFileSync } from 'node:fs'\nexport const reads = readFileSync\n`,
  'server/src/wecom/wecom.ts': `import './contact.wire.ts'\nexport interface Wecom { call(): void }\nexport const wecom = 1\n`,
  'server/src/wecom/contact.wire.ts': 'export const wire = 1\n',
  'server/src/wechat/wechat.ts': 'export interface Wechat { call(): void }\n',
  'server/src/callbacks/intake.ts': `import '../wecom/contact.wire.ts'\n`,
  'server/src/modules/tier/policy.ts': `export { tierFor } from '../../../../shared/src/tier/tierFor.ts'\n`,
  'server/src/modules/tier/queries.ts': `import Koa from 'koa'\nimport { createMongoAbility } from '@casl/ability'\nexport const queries = [Koa, createMongoAbility]\n`,
  'server/src/modules/tier/steps.ts': `import type { Wechat } from '../../wechat/wechat.ts'\nexport type Steps = Wechat\n`,
  'server/src/modules/tier/commands.ts': `import { wecom } from '../../wecom/wecom.ts'\nimport './steps.ts'\nimport './policy.ts'\nexport const command = wecom\n`,
  'server/src/modules/growth/commands.ts': `import { command } from '../tier/commands.ts'\nexport const other = command\n`,
  'server/src/messaging/mail.ts': 'export const mail = 1\n',
  'server/src/modules/delivery/commands.ts': `import { mail } from '../../messaging/mail.ts'\nexport const deliver = mail\n`,
  'server/src/modules/tier/handlers.ts': `import './commands.ts'\nexport const handlers = 1\n`,
  'server/src/app.ts': `import { handlers } from './modules/tier/handlers.ts'\nimport './modules/growth/commands.ts'\nimport './callbacks/intake.ts'\nexport const app = handlers\n`,
  'server/src/jobs/first.ts': `import { second } from './second.ts'\nexport const first = second\n`,
  'server/src/jobs/second.ts': `import { first } from './first.ts'\nexport const second = () => first\n`,
  'server/src/jobs/forgotten.ts': 'export const forgotten = 1\n',
  'server/src/jobs/lost.ts': `import './nowhere.ts'\n`,
  'server/src/jobs/queue.ts': `import { factory } from '../testing/factory.ts'\nexport const queue = factory\n`,
  'server/src/testing/factory.ts': 'export const factory = 1\n',
  'h5-sidebar/src/api/client.ts': 'export const client = 1\n',
  'h5-sidebar/src/api/steals.ts': `export { queries } from '../../../server/src/modules/tier/queries.ts'\n`,
  'h5-sidebar/src/components/TierCard.vue': `<script setup lang="ts">\nimport { client } from '../api/client.ts'\nconst c = client\n</script>\n<template><i>{{ c }}</i></template>\n`,
  'h5-sidebar/src/sidebar/card.ts': 'export const card = 1\n',
  'h5-sidebar/src/console/main.ts': `import { card } from '../sidebar/card.ts'\nexport const shown = card\n`,
  'miniprogram/src/components/Code.vue': `<script setup lang="ts">\nimport { defineStore } from 'pinia'\nconst s = defineStore\n</script>\n<template><view>{{ s }}</view></template>\n`,
}

/** The same rooms, used as they are meant. */
const CLEAN_TREE: Tree = {
  'shared/src/rights/index.ts': `import { createMongoAbility } from '@casl/ability'\nexport const abilityFor = createMongoAbility\n`,
  'shared/src/tier/index.ts': `export * from './tierFor.ts'\n`,
  'shared/src/tier/tierFor.ts': `import * as v from 'valibot'\nexport const tierFor = v\n`,
  'shared/src/tier/tierFor.test.ts': `import { tierFor } from './tierFor.ts'\nimport { readFileSync } from 'node:fs'\nexport const used = [tierFor, readFileSync]\n`,
  'server/src/wecom/wecom.ts': `import type { Wire } from './contact.wire.ts'\nexport const wecom = (wire: Wire) => wire\n`,
  'server/src/wecom/contact.wire.ts': 'export type Wire = 1\n',
  'server/src/modules/tier/steps.ts': `import { tierFor } from '@qihui/shared/tier'\nexport const step = tierFor\n`,
  'server/src/modules/tier/commands.ts': `import { step } from './steps.ts'\nexport const command = step\n`,
  'server/src/modules/tier/routes.ts': `import Koa from 'koa'\nimport { wecom } from '../../wecom/wecom.ts'\nimport { command } from './commands.ts'\nexport const routes = [Koa, wecom, command]\n`,
  'server/src/modules/tier/handlers.ts': `import { wecom } from '../../wecom/wecom.ts'\nimport { command } from './commands.ts'\nexport const handlers = [wecom, command]\n`,
  'server/src/app.ts': `import { routes } from './modules/tier/routes.ts'\nexport const app = routes\n`,
  'server/src/worker.ts': `import { handlers } from './modules/tier/handlers.ts'\nexport const worker = handlers\n`,
  'server/src/main.ts': `import { app } from './app.ts'\nimport { worker } from './worker.ts'\nexport const main = [app, worker]\n`,
  'h5-sidebar/src/api/client.ts': `import axios from 'axios'\nexport const client = axios\n`,
  'h5-sidebar/src/components/TierCard.vue': `<script setup lang="ts">\nimport { tierFor } from '@qihui/shared/tier'\nconst t = tierFor\n</script>\n<template><i>{{ t }}</i></template>\n`,
  'h5-sidebar/src/sidebar/main.ts': `import { client } from '../api/client.ts'\nimport TierCard from '../components/TierCard.vue'\nexport const shown = [client, TierCard]\n`,
}

function violation(rule: string, from: string, to: string, because: string) {
  return { rule, from, to, because }
}

function cruise(root: string): readonly Violation[] {
  const folders = ['shared', 'server', 'h5-sidebar', 'miniprogram', 'test', 'tools'].filter((name) => existsSync(resolve(root, name)))
  const args = ['--config', resolve(ROOT, '.dependency-cruiser.mjs'), '--output-type', 'json', ...folders]
  const { stdout, stderr } = spawnSync(resolve(ROOT, 'node_modules/.bin/depcruise'), args, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 })
  if (stdout === '') throw new Error(stderr)
  const report = JSON.parse(stdout) as { summary: { violations: { rule: { name: string }; from: string; to: string }[] } }
  return report.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }))
}

describe('import rules', () => {
  const roots: string[] = []
  let found: readonly Violation[] = []
  beforeAll(() => {
    const root = writeTree(BROKEN_TREE, PACKAGES)
    roots.push(root)
    found = cruise(root)
  })
  afterAll(() => {
    for (const root of roots) rmSync(root, { recursive: true, force: true })
  })

  it.each(BROKEN)('$rule bites when $because ($from)', ({ rule, from, to }) => {
    expect(found).toContainEqual({ rule, from, to })
  })

  it('has a violation above for every rule there is', () => {
    expect([...new Set(BROKEN.map(({ rule }) => rule))].sort()).toEqual((rules.forbidden ?? []).map(({ name }) => name).sort())
  })

  it('says nothing about a tree that keeps the rules', () => {
    const root = writeTree(CLEAN_TREE, PACKAGES)
    roots.push(root)
    expect(cruise(root)).toEqual([])
  })
})
