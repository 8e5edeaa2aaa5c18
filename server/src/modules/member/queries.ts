import { AppError } from '@qihui/shared/errors'
import type { MemberSelf } from '@qihui/shared/member'
import type { Services } from '../../services.ts'
import { presentStoredMember, type MemberSelfRow } from './present.ts'
import { sessionIdentifiers, type SessionIdentity } from './sessionIdentifiers.ts'
import { selectMemberById, selectMemberByIdentifiers } from './tables.ts'

type MemberServices = Pick<Services, 'db' | 'now' | 'cipher' | 'tierRules'>

/** A member by id. @throws AppError `member.notFound` */
export async function getMemberById({ db, now, cipher, tierRules }: MemberServices, memberId: string): Promise<MemberSelf> {
  const [row] = await db.run<MemberSelfRow>(selectMemberById, [memberId])
  if (row === undefined) throw new AppError('member.notFound')
  return presentStoredMember(cipher, row, await tierRules.at(now()))
}

/** The member behind a session, or null for somebody who has not registered; found by unionid first (R34). */
export async function findMemberSelf({ db, now, cipher, env, tierRules }: MemberServices & Pick<Services, 'env'>, identity: SessionIdentity): Promise<MemberSelf | null> {
  const identifiers = sessionIdentifiers(env, identity)
  const [row] = await db.run<MemberSelfRow>(selectMemberByIdentifiers, [identifiers.map(({ namespace }) => namespace), identifiers.map(({ value }) => value)])
  return row === undefined ? null : presentStoredMember(cipher, row, await tierRules.at(now()))
}
