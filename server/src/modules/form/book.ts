import { AppError } from '@qihui/shared/errors'
import { acceptedVersions, versionInForce, type FormVersion } from '@qihui/shared/form'
import type { Tx } from '../../db/pool.ts'
import { createVersionShelf } from '../../db/versionShelf.ts'
import { presentFormVersion, type FormVersionRow } from './present.ts'
import { selectFormMarks, selectFormVersion } from './tables.ts'

interface FormMark {
  readonly formKey: string
  readonly version: string
  readonly publishedAt: string
}

/** The published forms, from memory: at most five seconds behind another process, never behind this one. */
export interface FormBook {
  /** The version of a form in force at an instant. @throws AppError `request.notFound` for a form that does not exist */
  inForce(formKey: string, at: Date): Promise<FormVersion>
  /** Any version there has ever been, or null. */
  find(version: string): Promise<FormVersion | null>
  /** Whether a submission that names this version is taken for this form: the one in force, or replaced less than 24 hours ago. */
  accepts(version: string, formKey: string, at: Date): Promise<boolean>
  /** Looks for new versions now. */
  refresh(): Promise<void>
}

/** Opens the book. One per process: it belongs into the services. */
export function createFormBook({ db, now }: { readonly db: Tx; readonly now: () => Date }): FormBook {
  const shelf = createVersionShelf<FormMark, FormVersion>({
    now,
    async readMarks() {
      const rows = await db.run<{ version: string; form_key: string; published_at: Date }>(selectFormMarks, [])
      return rows.map((row) => ({ formKey: row.form_key, version: row.version, publishedAt: row.published_at.toISOString() }))
    },
    async readVersion(version) {
      const [row] = await db.run<FormVersionRow>(selectFormVersion, [version])
      return row === undefined ? null : presentFormVersion(row)
    },
  })
  const marksOf = async (formKey: string, isEnough: (marks: readonly FormMark[]) => boolean) => {
    const held = (await shelf.marks()).filter((mark) => mark.formKey === formKey)
    return isEnough(held) ? held : (await shelf.refresh()).filter((mark) => mark.formKey === formKey)
  }

  return {
    find: (version) => shelf.find(version),
    async inForce(formKey, at) {
      const mark = versionInForce(await marksOf(formKey, (marks) => marks.length > 0), at)
      const version = mark && (await shelf.find(mark.version))
      if (version === null) throw new AppError('request.notFound', '登记表不存在')
      return version
    },
    async accepts(version, formKey, at) {
      const marks = await marksOf(formKey, (held) => held.some((mark) => mark.version === version))
      return acceptedVersions(marks, at).some((mark) => mark.version === version)
    },
    async refresh() {
      await shelf.refresh()
    },
  }
}
