import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import ProfileCard from './ProfileCard.vue'

const shared = { label: '手机号', key: 'phone', type: 'phone' as const, needsApproval: false }

it.each([
  ['in clear as people say it', { ...shared, value: '+8613800001111', isMasked: false }, '138 0000 1111'],
  ['masked as the server masked it', { ...shared, value: '138****1111', isMasked: true }, '138****1111'],
])('shows a phone %s', (_case, field, words) => {
  expect(mount(ProfileCard, { props: { fields: [field] } }).get('dd').text()).toContain(words)
})
