import type { Invite } from '@qihui/shared/channel'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { ApiProblem } from '../../api/ApiProblem.ts'
import { inviteApiKey, type Visitor } from '../../api/inviteApi.ts'
import { useProvided } from '../../composables/useProvided.ts'
import { surroundingsKey } from '../surroundings.ts'
import { createVisit } from './visit.ts'

/** What is on the screen. */
export type View = 'opening' | 'failed' | 'closed' | 'staff' | 'member' | 'register' | 'welcome'

/** A login that comes back without a session within this time is not begun again by itself, milliseconds. */
const loginLoopMs = 60_000
const nobody: Visitor = { kind: 'nobody', staff: null, guest: null }

/** What the page knows: the invitation, and who looks at it. */
export const useInvitePage = defineStore('invitePage', () => {
  const api = useProvided(inviteApiKey)
  const surroundings = useProvided(surroundingsKey)
  const { token, storage } = surroundings
  const invite = shallowRef<Invite | null>(null)
  const visitor = shallowRef<Visitor>(nobody)
  const problem = shallowRef<ApiProblem | null>(null)
  const isLeaving = ref(false)
  const visit = createVisit(api, surroundings)

  const view = computed<View>(() => {
    if (problem.value !== null) return 'failed'
    if (invite.value === null || isLeaving.value) return 'opening'
    if (visitor.value.kind === 'staff') return 'staff'
    if (visitor.value.guest?.memberNo) return 'member'
    if (invite.value.openness !== 'open') return 'closed'
    return visitor.value.kind === 'guest' ? 'register' : 'welcome'
  })

  /** Told at the first gesture: previews make none, and an employee who looks at their own link is no visitor. */
  function noteGesture(): Promise<void> {
    return visitor.value.kind === 'staff' || invite.value === null ? Promise.resolve() : visit.note()
  }

  /** Leaves for the authorise page of the client the page is open in. */
  async function logIn(): Promise<void> {
    await noteGesture()
    leaveForLogin()
  }

  function leaveForLogin(): void {
    isLeaving.value = true
    storage.setItem(`qihui.login.${token}`, String(surroundings.now()))
    surroundings.go(`/api/invites/oauth/start?token=${token}`)
  }

  /** WeCom's login is silent and tells employees from guests; once is enough. */
  function logInSilently(): void {
    const last = Number(storage.getItem(`qihui.login.${token}`) ?? Number.NEGATIVE_INFINITY)
    if (invite.value?.place === 'wecom' && visitor.value.kind === 'nobody' && surroundings.now() - last > loginLoopMs) leaveForLogin()
  }

  async function load(): Promise<void> {
    try {
      const answers = await Promise.all([api.invite(token), api.visitor(token)])
      invite.value = answers[0]
      visitor.value = answers[1]
      problem.value = null
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      problem.value = error
    }
  }

  async function open(): Promise<void> {
    await load()
    if (problem.value === null) logInSilently()
  }

  /** The session has ended: what comes next begins with a login. */
  function forgetVisitor(): void {
    visitor.value = nobody
  }

  return { invite, visitor, problem, view, visitId: visit.id, noteGesture, logIn, load, open, forgetVisitor }
})
