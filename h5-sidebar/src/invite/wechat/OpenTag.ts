import { defineComponent, h, onMounted, ref } from 'vue'
import { openTagName } from './configureWechat.ts'

/** WeChat draws the button in a room of its own: it knows none of our styles, and px only. */
const buttonStyle =
  'display:block;width:100%;height:48px;line-height:48px;border:0;border-radius:8px;background:#0f766e;color:#ffffff;font-size:16px;font-weight:600;text-align:center;font-family:-apple-system,PingFang SC,sans-serif'

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
      const button = `<button type="button" style="${buttonStyle}">${props.label}</button>`
      const attributes = { appid: props.appId, path: props.path, ...(props.originalId === '' ? {} : { username: props.originalId }) }
      return h(openTagName, { ref: element, class: 'open-tag', ...attributes }, [h('script', { type: 'text/wxtag-template' }, button)])
    }
  },
})
