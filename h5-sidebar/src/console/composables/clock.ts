import type { InjectionKey, Ref } from 'vue'

/** The time in milliseconds, renewed every half minute by the root: one timer for all ages on the page. */
export const clockKey: InjectionKey<Ref<number>> = Symbol('clock')
