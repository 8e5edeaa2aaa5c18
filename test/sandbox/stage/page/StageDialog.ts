import { defineComponent, onMounted, ref } from 'vue'

/** A native dialog around its slot; closes by Escape, by its button, or by the event of what is inside. */
export const StageDialog = defineComponent({
  name: 'StageDialog',
  props: { title: { type: String, required: true } },
  emits: ['close'],
  setup() {
    const dialog = ref<HTMLDialogElement | null>(null)
    onMounted(() => dialog.value?.showModal())
    return { dialog }
  },
  template: `
<dialog ref="dialog" class="dialog" :aria-label="title" @close="$emit('close')">
  <header><h2>{{ title }}</h2><button class="link" @click="dialog.close()">关闭</button></header>
  <slot></slot>
</dialog>`,
})
