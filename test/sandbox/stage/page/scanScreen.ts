import jsQR from 'jsqr'

/** Wide enough for a code of 40 letters, small enough to read at once. */
const drawnPx = 480

function pixelsOf(picture: CanvasImageSource): ImageData | null {
  const canvas = document.createElement('canvas')
  canvas.width = drawnPx
  canvas.height = drawnPx
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) return null
  context.fillStyle = '#fff'
  context.fillRect(0, 0, drawnPx, drawnPx)
  context.drawImage(picture, 0, 0, drawnPx, drawnPx)
  return context.getImageData(0, 0, drawnPx, drawnPx)
}

function isShown(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect()
  return width >= 60 && Math.abs(width - height) <= width * 0.2
}

async function loadedSvg(svg: SVGElement): Promise<HTMLImageElement> {
  const image = new Image(drawnPx, drawnPx)
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`
  await image.decode()
  return image
}

/** What the QR codes seen in a page say: its square pictures, read pixel by pixel. */
export async function scanScreen(page: Document): Promise<string[]> {
  const contents: string[] = []
  for (const element of page.querySelectorAll<HTMLImageElement | HTMLCanvasElement | SVGSVGElement>('img, canvas, svg')) {
    if (!isShown(element)) continue
    const picture = element.tagName.toLowerCase() === 'svg' ? await loadedSvg(element as SVGSVGElement) : (element as HTMLImageElement | HTMLCanvasElement)
    const pixels = pixelsOf(picture)
    const found = pixels === null ? null : jsQR(pixels.data, pixels.width, pixels.height)
    if (found !== null) contents.push(found.data)
  }
  return contents
}
