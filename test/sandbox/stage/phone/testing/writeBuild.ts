import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A small mini-program in the client's own languages: every feature of the phone once, nothing of our product. */
export const smallBuild: Readonly<Record<string, string>> = {
  'app.json': JSON.stringify({ pages: ['pages/first/first', 'pages/second/second'], window: { navigationBarTitleText: '小样' } }),
  'app.js': `App({ events: [], onLaunch(options) { this.events.push('launch ' + options.path + ' ' + options.scene) }, onShow(options) { this.events.push('show ' + JSON.stringify(options.query)) }, onHide() { this.events.push('hide') } })`,
  'app.wxss': `@import './shared.wxss'; page { background: #fff } .wide { width: 750rpx }`,
  'shared.wxss': '.from-import { color: #010203 }',
  'text.wxs': `module.exports = { kind: function (value) { return value.constructor === 'Array' ? '数组' : '其他' }, clean: function (text) { return text.replace(getRegExp('-', 'g'), '') } }`,
  'components/tag/tag.json': '{"component": true}',
  'components/tag/tag.wxml': '<view class="title">{{label}}<slot></slot></view>',
  'components/tag/tag.wxss': ':host { display: block } .title { color: rgb(1, 2, 3) }',
  'components/tag/tag.js': `Component({ properties: { label: { type: String, value: '默认' }, dataset: null }, options: { multipleSlots: false }, methods: {} })`,
  'pages/first/first.json': JSON.stringify({ usingComponents: { 'my-tag': '/components/tag/tag' }, navigationBarTitleText: '第一页', enablePullDownRefresh: true }),
  'pages/first/first.wxml': `<wxs module="text" src="/text.wxs" />
<view class="title wide">{{text.kind(list)}} {{text.clean('a-b-c')}}</view>
<my-tag label="标签"><text>插槽</text></my-tag>
<view wx:for="{{list}}" wx:key="*this" data-item="{{item}}" bindtap="tapItem">项目{{item}}</view>
<input placeholder="姓名" value="{{name}}" bindinput="typeName" />
<button open-type="getPhoneNumber" bindgetphonenumber="takePhone">取手机号</button>
<button open-type="getPhoneNumber|agreePrivacyAuthorization" bindgetphonenumber="takePhone">同意并取手机号</button>
<button id="agree" open-type="agreePrivacyAuthorization" bindagreeprivacyauthorization="agree">我同意</button>
<button bindtap="refusePrivacy">我不同意</button>
<button bindtap="ask" data-host="member-api.qihui.example">请求</button>
<button bindtap="ask" data-host="elsewhere.example">请求别处</button>
<button bindtap="remember">记住</button>
<button bindtap="go">下一页</button>
<button disabled bindtap="go">不可点</button>
<button bindtap="scan">扫一扫</button>
<text class="log">{{log}}</text>`,
  'pages/first/first.wxss': '.title { font-weight: 700 } page { color: #040506 }',
  'pages/first/first.js': `Page({
  data: { list: ['甲', '乙'], log: '', name: '' },
  onLoad(query) { this.note('load ' + JSON.stringify(query)); wx.onNeedPrivacyAuthorization((resolve, info) => { this.resolvePrivacy = resolve; this.note('privacy ' + info.referrer) }) },
  onShow() { this.note('show') },
  onReady() { this.note('ready') },
  onPullDownRefresh() { this.note('pulled'); wx.stopPullDownRefresh() },
  onHide() { getApp().events.push('first hide') },
  note(text) { this.setData({ log: (this.data.log ? this.data.log + '|' : '') + text }) },
  tapItem(event) { this.note('tap ' + event.currentTarget.dataset.item + ' ' + event.type) },
  typeName(event) { this.setData({ name: event.detail.value }); this.note('name ' + event.detail.value) },
  takePhone(event) { const { code, errMsg, errno } = event.detail; this.note((code ? 'code ' : 'none ') + errMsg + ' ' + (errno || '')) },
  agree() { this.resolvePrivacy({ event: 'agree', buttonId: 'agree' }) },
  refusePrivacy() { this.resolvePrivacy({ event: 'disagree' }) },
  ask(event) { wx.request({ url: 'https://' + event.currentTarget.dataset.host + '/api/echo', method: 'POST', data: { a: 1 }, success: ({ statusCode, data }) => this.note(statusCode + ' ' + data.body), fail: ({ errMsg }) => this.note(errMsg) }) },
  remember() { this.note('had ' + wx.getStorageSync('n')); wx.setStorageSync('n', (wx.getStorageSync('n') || 0) + 1) },
  go() { wx.navigateTo({ url: '../second/second?x=%E5%80%BC' }) },
  scan() { wx.scanCode({ fail: ({ errMsg }) => this.note(errMsg) }) },
})`,
  'pages/second/second.json': '{"navigationBarTitleText": "第二页"}',
  'pages/second/second.wxml': '<view class="title">{{x}} {{globals}} {{events}}</view>',
  'pages/second/second.js': `Page({ data: {}, onLoad(query) { this.setData({ x: query.x, gone: undefined, globals: [typeof window, typeof document, typeof fetch, typeof localStorage].join(','), events: getApp().events.join(';'), depth: getCurrentPages().length }) } })`,
}

/** Writes a build to a fresh folder. @returns the folder */
export async function writeBuild(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'qihui-build-'))
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
  return folder
}
