/** How far the finger moves down at the top of a page before the client refreshes. */
const pullDistance = 64

/** Calls `onPull` when a page that stands at its top is dragged down, by finger or mouse. */
export function watchPull(frame: HTMLElement, onPull: () => void): void {
  let startY: number | null = null
  frame.addEventListener('pointerdown', (event) => {
    startY = frame.scrollTop === 0 ? event.clientY : null
  })
  frame.addEventListener('pointerup', (event) => {
    if (startY !== null && event.clientY - startY > pullDistance && frame.scrollTop === 0) onPull()
    startY = null
  })
}
