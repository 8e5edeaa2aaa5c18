import { AppError } from '@qihui/shared/errors'
import pino from 'pino'
import * as v from 'valibot'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestServices, type TestServices } from '../testing/index.ts'
import { defineJob } from './defineJob.ts'
import { enqueue } from './enqueue.ts'
import { handle, type JobHandler } from './handle.ts'
import { runJobs, type JobRunner } from './runJobs.ts'

const count = defineJob({ name: 'count', payload: v.object({ id: v.number() }), keyOf: ({ id }) => String(id), retryLimit: 1 })

let services: TestServices
let runner: JobRunner | null = null
beforeAll(async () => {
  services = await createTestServices()
})
afterEach(async () => {
  await runner?.stop()
  runner = null
})
afterAll(() => services.close())

/** Works with these handlers until the test ends. */
async function work(...handlers: readonly JobHandler[]): Promise<void> {
  runner = await runJobs(services.db, services.env, handlers, pino({ level: 'silent' }))
}

const waiting = { timeout: 15_000, interval: 50 }

describe('jobs', () => {
  it('exist exactly when the transaction that asked for them committed', async () => {
    await services.db.transaction((tx) => enqueue(tx, count, { id: 1 }))
    await expect(
      services.db.transaction(async (tx) => {
        await enqueue(tx, count, { id: 2 })
        throw new Error('the change fails')
      }),
    ).rejects.toThrow('the change fails')
    const done: number[] = []
    await work(handle(count, async ({ id }) => void done.push(id)))
    await services.db.transaction((tx) => enqueue(tx, count, { id: 3 }))
    await vi.waitFor(() => expect(done).toContain(3), waiting)
    expect(done.sort()).toEqual([1, 3])
  })

  it('runs again after a failure, and rests as dead after the last', async () => {
    const attempts: number[] = []
    await work(handle(count, async (_payload, { attempt }) => {
      attempts.push(attempt)
      throw new Error('the remote is down')
    }))
    await services.db.transaction((tx) => enqueue(tx, count, { id: 4 }))
    const dead = () => services.db.pool.query(`select data from queue.job where name = 'count-dead'`)
    await vi.waitFor(async () => expect((await dead()).rows).toEqual([{ data: { id: 4 } }]), waiting)
    expect(attempts).toEqual([0, 1])
  })

  it('come back without having used up a run when it is known when the cause will have passed', async () => {
    const attempts: number[] = []
    await work(handle(count, async (_payload, { attempt }) => {
      attempts.push(attempt)
      // More often than its retries would allow.
      if (attempts.length < 4) throw new AppError('vendor.unavailable', undefined, undefined, 10)
    }))
    await services.db.transaction((tx) => enqueue(tx, count, { id: 6 }))
    await vi.waitFor(() => expect(attempts).toEqual([0, 0, 0, 0]), { timeout: 30_000, interval: 50 })
    expect((await services.db.pool.query(`select 1 from queue.job where name = 'count-dead' and data = '{"id": 6}'`)).rows).toEqual([])
  }, 60_000)

  it('are fetched by connections that never compile a plan', async () => {
    await work()
    await services.db.pool.query(`create table fetched_with (jit text);
      create function note_jit() returns trigger language plpgsql security definer as $$ begin insert into fetched_with values (current_setting('jit')); return null; end $$;
      create trigger note_jit after update of state on queue.job for each row when (new.name = 'count' and new.state = 'active') execute function note_jit()`)
    await runner?.stop()
    await work(handle(count, async () => {}))
    await services.db.transaction((tx) => enqueue(tx, count, { id: 7 }))
    await vi.waitFor(async () => expect((await services.db.pool.query('select distinct jit from fetched_with')).rows).toEqual([{ jit: 'off' }]), waiting)
  })

  it('keep what no handler knows, instead of dropping it', async () => {
    await work()
    await services.db.transaction((tx) => enqueue(tx, { ...count, name: 'ofAnotherVersion' }, { id: 5 }))
    const kept = () => services.db.pool.query(`select data from queue.job where name = 'unhandled'`)
    await vi.waitFor(async () => expect((await kept()).rows).toEqual([{ data: { job: 'ofAnotherVersion', payload: { id: 5 } } }]), waiting)
  })
})
