import { hash } from 'node:crypto'

/** A style that stands in a page of ours, and the source a policy names it by: no other inline style runs. */
export function inlineStyle(css: string): { readonly element: string; readonly source: string } {
  return { element: `<style>${css}</style>`, source: `'sha256-${hash('sha256', css, 'base64')}'` }
}
