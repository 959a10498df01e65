import type { Page } from 'playwright-core'

/** Waits for the page with this heading. */
export async function shows(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
}

/** What the keyboard would act on. */
export interface Focused {
  readonly name: string | null
  readonly text: string | null
  readonly ring: string
}

export function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const name = element.getAttribute('name')
    return { name, text: element.textContent, ring: `${outlineStyle} ${outlineWidth}` }
  })
}

/** As fast as a hand that trembles: the second press comes before the first one's answer. */
export async function pressTwice(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).dblclick()
}
