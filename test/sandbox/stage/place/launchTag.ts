import { tellStage } from './placeMessage.ts'

/** Name of the open tag in the page and in `openTagList` [9]. */
export const launchTagName = 'wx-open-launch-weapp'
const templates = 'script[type="text/wxtag-template"], template'

const waiting = new Set<LaunchTag>()
let isAllowed = false

/** `wx-open-launch-weapp`: drawn only after `wx.config` was accepted with the tag in its list; a tap opens the mini-program [9]. */
class LaunchTag extends HTMLElement {
  #isDrawn = false

  connectedCallback(): void {
    waiting.add(this)
    // Frameworks put the children in after the element.
    setTimeout(() => this.draw())
  }

  disconnectedCallback(): void {
    waiting.delete(this)
  }

  draw(): void {
    const template = this.querySelector(templates)
    if (!isAllowed || this.#isDrawn || template === null) return
    this.#isDrawn = true
    const root = this.attachShadow({ mode: 'open' })
    root.innerHTML = template.innerHTML || (template.textContent ?? '')
    root.addEventListener('click', () => this.#launch())
    this.dispatchEvent(new CustomEvent('ready'))
  }

  #launch(): void {
    const path = this.getAttribute('path') ?? ''
    const isKnown = this.getAttribute('appid') === placeSettings.mpAppId || this.getAttribute('username') === placeSettings.mpOriginalId
    if (!isKnown || !/\.html(\?|$)/.test(path)) {
      this.dispatchEvent(new CustomEvent('error', { detail: { errMsg: isKnown ? 'launch:fail invalid path' : 'launch:fail invalid appid' } }))
      return
    }
    this.dispatchEvent(new CustomEvent('launch', { detail: {} }))
    tellStage({ type: 'launchMiniProgram', path: path.replace(/^\//, '').replace(/\.html(?=\?|$)/, '') })
  }
}

/** Defines the tag, as the client does before any script of the page runs. */
export function defineLaunchTag(): void {
  customElements.define(launchTagName, LaunchTag)
}

/** Draws the tags of the page from now on. */
export function allowLaunchTags(): void {
  isAllowed = true
  for (const tag of waiting) tag.draw()
}
