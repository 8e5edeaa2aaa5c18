import { reactive, toRef } from 'vue'
import { openPrivacyGuide } from '../platform/privacy.ts'
import { fontScale } from '../platform/screen.ts'
import { usePrivacyStore } from '../stores/privacy.ts'

/** What every page hands to PageFrame: `v-bind` is not possible in a mini-program template, so pages name each one. */
export function useFrame() {
  const privacy = usePrivacyStore()
  return reactive({
    fontScale: fontScale(),
    isPrivacyAsked: toRef(privacy, 'isAsked'),
    agree: privacy.agree,
    refuse: privacy.refuse,
    openGuide: openPrivacyGuide,
  })
}
