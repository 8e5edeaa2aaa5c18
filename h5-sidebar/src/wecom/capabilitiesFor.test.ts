import { describe, expect, it } from 'vitest'
import { capabilitiesFor, isVersionAtLeast, type Capabilities, type WecomEntry } from './capabilitiesFor.ts'
import type { ClientOs } from './clientPlatform.ts'

const all: Capabilities = { canReadContact: true, canSend: true, canSendMiniProgram: true }
const none: Capabilities = { canReadContact: false, canSend: false, canSendMiniProgram: false }

describe('capabilitiesFor', () => {
  const cases: [WecomEntry, ClientOs, string | null, Capabilities][] = [
    ['single_chat_tools', 'windows', '4.1.36', all],
    ['single_chat_tools', 'android', '3.1.0', all],
    ['single_chat_tools', 'ios', '3.0.40', { ...all, canSendMiniProgram: false }],
    ['single_chat_tools', 'mac', '4.1.25', { ...all, canSendMiniProgram: false }],
    ['single_chat_tools', 'mac', '4.1.26', all],
    ['contact_profile', 'windows', '4.1.36', { ...none, canReadContact: true }],
    ['single_kf_tools', 'android', '3.1.10', all],
    ['single_kf_tools', 'android', '3.1.9', none],
    ['group_chat_tools', 'windows', '4.1.36', { ...all, canReadContact: false }],
    ['chat_attachment', 'windows', '3.1.6', { ...all, canReadContact: false }],
    ['chat_attachment', 'mac', '4.1.36', none],
    ['normal', 'windows', '4.1.36', none],
    ['an entry of tomorrow', 'windows', '9.0.0', none],
    ['single_chat_tools', 'windows', null, none],
  ]
  it.each(cases)('%s on %s %s', (entry, os, version, expected) => {
    expect(capabilitiesFor(entry, { isWecom: version !== null, os, version })).toEqual(expected)
  })
})

describe('isVersionAtLeast', () => {
  const cases: [string, string, boolean][] = [
    ['3.0.24', '3.0.24', true],
    ['3.0.23', '3.0.24', false],
    ['3.0.100', '3.0.24', true],
    ['4.0', '3.9.9', true],
    ['4', '4.0.1', false],
    ['4.1.36.6018', '4.1.36', true],
  ]
  it.each(cases)('%s against %s is %s', (version, least, expected) => {
    expect(isVersionAtLeast(version, least)).toBe(expected)
  })
})
