import { checkForm, firstForm, listForms, publishForm, type FormVersion } from '@qihui/shared/form'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { form } from '../../../testing/consoleSamples.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
type Server = (typeof page)['server']
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
const published = (version: string): FormVersion => ({ ...firstForm, version, publishedAt: '2026-11-22T03:00:00.000Z', publishedBy: '徐经理' })
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

async function openEditor(prepare?: (server: Server) => void): Promise<void> {
  page = await openConsole({ at: '/forms/default', prepare })
  await seen('检查通过，可以发布')
}

/** A question that passes the gate. */
async function addQuestion(label: string): Promise<void> {
  page.press('添加字段')
  await seen('请填写用途')
  page.fill('名称', label)
  page.fill('用途', '发放生日礼遇')
  page.fill('保存期限（天）', '180')
  const select = Array.from(document.querySelectorAll('.el-form-item')).find((row) => row.textContent?.startsWith('合法性基础'))
  select?.querySelector<HTMLElement>('.el-select__wrapper')?.click()
  await expect.poll(() => Array.from(document.querySelectorAll('.el-select-dropdown__item')).some((item) => item.textContent === '个人同意')).toBe(true)
  Array.from(document.querySelectorAll<HTMLElement>('.el-select-dropdown__item')).find((item) => item.textContent === '个人同意')?.click()
  await seen('检查通过，可以发布')
}

describe('forms', () => {
  it('are listed with their versions, and a version shows its fields', async () => {
    page = await openConsole({ at: '/forms' })
    await seen('默认登记表')
    await seen('当前版本')
    page.press('查看版本2026-01')
    await seen('会员身份确认与服务联系；个人同意；180 天')
  })

  it('a new one needs a free key and a name', async () => {
    page = await openConsole({ at: '/forms' })
    await seen('默认登记表')
    page.press('新建登记表')
    await seen('开始编辑')
    page.fill('标识', 'default')
    page.press('开始编辑')
    await seen('已有同名标识的登记表')
    await seen('请填写登记表名称')
    page.fill('标识', 'store-event')
    page.fill('名称', '门店活动')
    page.press('开始编辑')
    await expect.poll(() => page.router.currentRoute.value.fullPath).toBe(`/forms/store-event?name=${encodeURIComponent('门店活动')}`)
  })
})

describe('the form editor', () => {
  it('runs the gate while one edits: nothing is published that has no purpose, basis and retention', async () => {
    await openEditor()
    expect(page.button('发布新版本').disabled).toBe(true)
    page.press('添加字段')
    await seen('还有 3 处需要修改')
    await seen('请选择合法性基础')
    expect(page.button('发布新版本').disabled).toBe(true)
  })

  it('publishes what was edited, on top of the version it was begun on', async () => {
    let sent: unknown
    await openEditor((server) =>
      server.on(publishForm, ({ body }) => {
        sent = body
        return published('default.2')
      }),
    )
    await addQuestion('生日')
    await seen('新增 生日')
    page.press('发布新版本')
    await seen('24 小时内仍可提交')
    page.press('发布')
    await seen('版本 default.2 已发布')
    const question = { key: 'field2', label: '生日', type: 'text', class: 'N', purpose: '发放生日礼遇', legalBasis: 'consent', retentionDays: 180, isRequired: false, step: 1, confirmation: 'none' }
    expect(sent).toEqual({ replaces: '2026-01', definition: { fields: [...firstForm.definition.fields, question] } })
    await expect.poll(() => page.router.currentRoute.value.name).toBe('forms')
  })

  it('keeps the edit when somebody else has published, and publishes on top of theirs', async () => {
    let versions = form.versions
    const replaced: unknown[] = []
    await openEditor((server) => {
      server.on(listForms, () => ({ forms: [{ ...form, versions }] }))
      server.on(publishForm, ({ body }) => {
        replaced.push(body.replaces)
        if (replaced.length > 1) return published('default.3')
        versions = [...form.versions, published('default.2')]
        return refusing({ kind: 'problem', code: 'form.versionTaken' })
      })
    })
    await addQuestion('生日')
    page.press('发布新版本')
    await seen('24 小时内仍可提交')
    page.press('发布')
    await seen('已有人发布了版本 default.2')
    await seen('生日')
    await expect.poll(() => page.button('发布新版本').disabled).toBe(false)
    page.press('发布新版本')
    await expect.poll(() => document.querySelectorAll('.el-message-box').length).toBe(1)
    page.press('发布')
    await seen('版本 default.3 已发布')
    expect(replaced).toEqual(['2026-01', 'default.2'])
  })

  it('refuses by itself what the server could not even read, and asks again when the gate was not reached', async () => {
    let isDown = false
    await openEditor((server) => server.on(checkForm, () => (isDown ? refusing({ kind: 'unreachable' }) : { problems: [], diff: { added: [], removed: [], changed: [], addsSensitive: false } })))
    page.fill('字段名（英文）', '手机')
    await seen('字段名须以小写字母开头')
    isDown = true
    page.fill('字段名（英文）', 'phone')
    await seen('网络连接不上')
    expect(page.button('发布新版本').disabled).toBe(true)
    isDown = false
    page.press('重试')
    await seen('检查通过')
  })

  it('moves and removes questions from the keyboard, and asks before edits are left', async () => {
    await openEditor()
    await addQuestion('生日')
    page.press('上移生日')
    const names = () => Array.from(document.querySelectorAll('.row-name span:first-child'), (name) => name.textContent)
    await expect.poll(names).toEqual(['生日', '手机号'])
    page.press('删除手机号')
    await expect.poll(names).toEqual(['生日'])
    page.press('返回')
    await seen('您的修改还没有发布')
    page.press('放弃修改')
    await expect.poll(() => page.router.currentRoute.value.name).toBe('forms')
  })

  it('previews a conditional question only once the answer before it asks for it', async () => {
    const fields = [
      { ...firstForm.definition.fields[0], key: 'hasChild', label: '有孩子吗', type: 'yesNo' as const, confirmation: 'echo' as const },
      { ...firstForm.definition.fields[0], key: 'childName', label: '孩子小名', type: 'text' as const, confirmation: 'echo' as const, visibleIf: { kind: 'equals' as const, field: 'hasChild', value: true } },
    ]
    const version = { ...firstForm, definition: { fields: fields as FormVersion['definition']['fields'] } }
    await openEditor((server) => server.on(listForms, () => ({ forms: [{ ...form, versions: [version] }] })))
    const preview = () => document.querySelector('.phone')?.textContent ?? ''
    expect(preview()).toContain('有孩子吗')
    expect(preview()).not.toContain('孩子小名')
    const answer = document.querySelector<HTMLSelectElement>('#preview-hasChild')
    if (!answer) throw new Error('no question')
    answer.value = 'yes'
    answer.dispatchEvent(new Event('change'))
    await expect.poll(preview).toContain('孩子小名')
  })

  it('builds a condition on an earlier question', async () => {
    const sent: unknown[] = []
    await openEditor((server) =>
      server.on(checkForm, ({ body }) => {
        sent.push(body.definition.fields[2]?.visibleIf)
        return { problems: [], diff: { added: [], removed: [], changed: [], addsSensitive: false } }
      }),
    )
    page.press('添加字段')
    await expect.poll(() => document.querySelectorAll('.row-name').length).toBe(2)
    page.press('添加字段')
    await expect.poll(() => document.querySelectorAll('.row-name').length).toBe(3)
    page.choose('按前面的回答显示')
    await expect.poll(() => sent.at(-1)).toEqual({ kind: 'answered', field: 'field2' })
  })
})
