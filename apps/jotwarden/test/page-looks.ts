import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** Looks at the open page in both schemes at every width, keeps a picture of each, and says what is wrong. */
export async function faultsOf(page: Page, name: string): Promise<readonly string[]> {
  mkdirSync(PICTURES, { recursive: true })
  await page.evaluate(AXE)
  const faults: string[] = []
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      const found = [...(await axeFaults(page)), ...(await page.evaluate(layoutFaults))]
      faults.push(...found.map((fault) => `${name}, ${scheme}, ${width} px: ${fault}`))
      await page.screenshot({ path: join(PICTURES, `${name}-${width}-${scheme}.png`), fullPage: true })
    }
  }
  return faults
}

async function axeFaults(page: Page): Promise<readonly string[]> {
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(AXE_OPTIONS)})`)
  return violations.map(({ id, help, nodes }) => `${id}, ${help}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** Runs in the page. A target is 44 pixels high, or has that much to itself and 24 of its own (WCAG 2.2 §2.5.8). */
function layoutFaults(): readonly string[] {
  const faults: string[] = []
  const { scrollWidth } = document.documentElement
  if (scrollWidth > window.innerWidth) faults.push(`is ${scrollWidth} pixels wide`)
  for (const part of document.querySelectorAll('main *:not(input)')) {
    const isCut = part.scrollWidth > part.clientWidth && getComputedStyle(part).overflowX !== 'visible'
    if (isCut) faults.push(`cuts off ${part.scrollWidth - part.clientWidth} pixels of ${part.outerHTML}`)
  }
  for (const button of document.querySelectorAll('button')) {
    if (!button.checkVisibility({ contentVisibilityAuto: true })) continue
    const text = document.createRange()
    text.selectNodeContents(button)
    const lines = new Set([...text.getClientRects()].map(({ top }) => top)).size
    const words = button.innerText.split(/\s+/).length
    if (lines > words) faults.push(`breaks a word in two: ${button.innerText}`)
  }
  const targets = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
  const boxes = targets.map((target) => ({ target, box: target.getBoundingClientRect() }))
  for (const { target, box } of boxes) {
    const spare = Math.max(0, 44 - box.height)
    const isCrowded = boxes.some(
      (other) =>
        other.target !== target &&
        other.box.left < box.right &&
        other.box.right > box.left &&
        other.box.top < box.bottom + spare &&
        other.box.bottom > box.top - spare,
    )
    if (box.height < 24 || isCrowded)
      faults.push(`has a target ${box.height} pixels high: ${target.outerHTML}`)
  }
  return faults
}

const WIDTHS: readonly number[] = [320, 390, 1280]
const PICTURES = join(import.meta.dirname, '../../../artefacts/pages')
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const AXE_OPTIONS = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }
