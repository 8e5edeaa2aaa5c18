import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp } from '../../app.ts'
import { openDatabase, type Database } from '../../db/pool.ts'
import { createLog } from '../../log.ts'
import { hashToken } from '../../security/tokens.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'

let services: TestServices
let owner: Database
let server: Server
const logLines: string[] = []
beforeAll(async () => {
  services = await createTestServices({ log: createLog('info', { write: (line) => void logLines.push(line) }) })
  owner = services.db
  const daily = openDatabase(services.env.databaseUrl, () => {}, { role: 'qihui_app' })
  const app = createApp({ ...services, db: { ...daily, close: daily.close } })
  server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started))
  })
  server.on('close', () => void daily.close())
  await owner.pool.query(`insert into staff (staff_user_id, name, department_ids, is_visible, synced_at) values ('rep.li', '李静', '{2}', true, now())`)
  await owner.pool.query(`insert into staff_session (token_hash, staff_user_id, created_at, expires_at) values ($1, 'rep.li', $2, $3)`, [hashToken('token'), services.now(), new Date(services.now().getTime() + 3600_000)])
  await owner.pool.query('insert into person values ($1, now())', [randomUUID()])
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await services.close()
})

const get = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers: { cookie: 'qihui_staff=token' } })
const card = () => get('/api/sidebar/contacts/wmunknown')

it('shows no card while the audit cannot be written, says so loudly, and serves everything else', async () => {
  expect((await card()).status).toBe(200)
  await owner.pool.query('revoke insert on audit_entry from qihui_app')
  const refused = await card()
  expect([refused.status, await refused.json()]).toEqual([503, expect.objectContaining({ code: 'audit.unavailable', title: '暂时无法记录查看行为，资料不能显示，请稍后再试' })])
  expect(logLines.some((line) => line.includes('"alert":"auditUnavailable"'))).toBe(true)
  expect((await get('/healthz')).status).toBe(200)
  expect((await get('/readyz')).status).toBe(200)
  expect((await get('/api/staff/me')).status).toBe(200)
  expect((await get('/api/registrations/entry')).status).toBe(200)
  await owner.pool.query('grant insert on audit_entry to qihui_app')
  expect((await card()).status).toBe(200)
})
