import { computed, defineComponent, ref } from 'vue'
import type { WireEntry } from '../../types.ts'
import { stage } from './stageStore.ts'

const names: Readonly<Record<WireEntry['from'], string>> = { phone: '手机', desktop: '企业微信客户端', server: '企会服务端', wecom: '企业微信', wechat: '微信' }

/** HTTP status and errcode in one word. */
function outcomeOf({ status, errcode }: WireEntry): { text: string; isGood: boolean } {
  const isGood = (status === null || status < 400) && (errcode === null || errcode === 0)
  if (errcode !== null && errcode !== 0) return { text: `错误码 ${errcode}`, isGood }
  if (status !== null) return { text: String(status), isGood }
  return { text: '成功', isGood }
}

/** What went over the wire, newest first, live. */
export const WirePanel = defineComponent({
  name: 'WirePanel',
  setup() {
    const filter = ref<'all' | 'vendor' | 'product'>('all')
    const lines = computed(() => stage.wire.filter(({ from, to }) => {
      const isVendor = [from, to].some((end) => end === 'wecom' || end === 'wechat')
      return filter.value === 'all' || (filter.value === 'vendor') === isVendor
    }))
    const timeOf = (at: number): string => new Date(at).toLocaleTimeString('zh-CN', { hour12: false })
    return { filter, lines, names, outcomeOf, timeOf }
  },
  template: `
<section class="wire" aria-labelledby="wire-heading">
  <header>
    <h2 id="wire-heading">网线上发生了什么</h2>
    <p>最新的在最上面；手机号、密钥和凭证都已隐去。</p>
    <div class="segments" role="group" aria-label="筛选">
      <button :aria-pressed="filter === 'all'" @click="filter = 'all'">全部</button>
      <button :aria-pressed="filter === 'product'" @click="filter = 'product'">产品接口</button>
      <button :aria-pressed="filter === 'vendor'" @click="filter = 'vendor'">微信与企业微信</button>
    </div>
  </header>
  <div class="wire-scroll" tabindex="0" role="region" aria-labelledby="wire-heading">
    <table>
      <thead><tr><th scope="col">时间</th><th scope="col">谁 → 谁</th><th scope="col">含义</th><th scope="col">接口</th><th scope="col">结果</th><th scope="col" class="is-number">耗时</th></tr></thead>
      <tbody>
        <tr v-for="line in lines" :key="line.id">
          <td class="is-time">{{ timeOf(line.at) }}</td>
          <td class="is-route"><span :class="'end is-' + line.from">{{ names[line.from] }}</span><span aria-label="到"> → </span><span :class="'end is-' + line.to">{{ names[line.to] }}</span></td>
          <td>{{ line.meaning }}</td>
          <td><code>{{ line.what }}</code></td>
          <td><span class="outcome" :class="outcomeOf(line).isGood ? 'is-good' : 'is-bad'">{{ outcomeOf(line).text }}</span></td>
          <td class="is-number">{{ line.durationMs === null ? '' : line.durationMs + ' ms' }}</td>
        </tr>
        <tr v-if="lines.length === 0"><td colspan="6" class="empty-line">还没有任何请求。从第 1 步开始，这里会实时显示。</td></tr>
      </tbody>
    </table>
  </div>
</section>`,
})
