import { Script } from 'node:vm'

/** What a script of the mini-program gets from its host, in this order. */
export const scriptParameters = ['require', 'module', 'exports', 'wx', 'App', 'Page', 'Component', 'Behavior', 'getApp', 'getCurrentPages', '__wxConfig'] as const

/**
 * Names of the browser that do not exist in the logic layer of the client. They are shadowed, so that code which leans on them
 * fails here as it would there.
 */
const hiddenGlobals = [
  'window', 'self', 'globalThis', 'global', 'document', 'navigator', 'location', 'history', 'parent', 'top', 'frames', 'opener', 'fetch',
  'XMLHttpRequest', 'WebSocket', 'EventSource', 'FormData', 'Headers', 'Request', 'Response', 'URL', 'URLSearchParams', 'Blob', 'File',
  'FileReader', 'AbortController', 'AbortSignal', 'TextEncoder', 'TextDecoder', 'localStorage', 'sessionStorage', 'indexedDB', 'caches',
  'crypto', 'performance', 'requestAnimationFrame', 'cancelAnimationFrame', 'requestIdleCallback', 'queueMicrotask', 'structuredClone',
  'postMessage', 'addEventListener', 'removeEventListener', 'dispatchEvent', 'alert', 'confirm', 'prompt', 'open', 'close', 'Image', 'Audio',
  'Event', 'CustomEvent', 'EventTarget', 'Node', 'Element', 'HTMLElement', 'SVGElement', 'Text', 'MutationObserver', 'IntersectionObserver',
  'ResizeObserver', 'getComputedStyle', 'matchMedia', 'atob', 'btoa', 'Worker', 'Function', 'process', 'screen', 'customElements',
] as const

/**
 * Wraps a script as the client does: one function, no globals of a browser.
 * @throws SyntaxError naming the file.
 */
export function wrapScript(file: string, source: string): string {
  const wrapped = `function (${[...scriptParameters, ...hiddenGlobals].join(', ')}) {\n${source}\n}`
  new Script(`(${wrapped})`, { filename: file })
  return wrapped
}
