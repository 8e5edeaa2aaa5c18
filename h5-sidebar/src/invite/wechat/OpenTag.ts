import { openTagStyle } from '@qihui/shared/channel'
import { defineComponent, h, onMounted, ref } from 'vue'
import { openTagName } from './configureWechat.ts'

/** The button that opens the mini-program inside WeChat. It says `ready` when it is really there: older clients draw nothing. */
export const OpenTag = defineComponent({
  props: { appId: { type: String, required: true }, originalId: { type: String, default: '' }, path: { type: String, required: true }, label: { type: String, required: true } },
  emits: { ready: () => true, failed: () => true },
  setup(props, { emit }) {
    const element = ref<HTMLElement | null>(null)
    onMounted(() => {
      element.value?.addEventListener('ready', () => emit('ready'))
      element.value?.addEventListener('error', () => emit('failed'))
    })
    return () => {
      const button = `<style>${openTagStyle}</style><button type="button" class="join">${props.label}</button>`
      const attributes = { appid: props.appId, path: props.path, ...(props.originalId === '' ? {} : { username: props.originalId }) }
      return h(openTagName, { ref: element, class: 'open-tag', ...attributes }, [h('script', { type: 'text/wxtag-template' }, button)])
    }
  },
})
