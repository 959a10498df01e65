import { existsSync } from 'node:fs'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'

/** Why the pages cannot be tested here; undefined when they can. In CI nothing is left out, so that it is never set. */
export function reasonToSkip(): string | undefined {
  return existsSync(EXECUTABLE) || process.env.CI !== undefined ? undefined : MISSING
}

/** Starts Debian's Chromium with a profile of its own. Rejects when it is not installed. */
export async function startChromium(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) throw new Error(MISSING)
  return chromium.launch({ executablePath: EXECUTABLE, args: [...QUIET] })
}

/** A window of the browser, and all that it did that a page of ours must not make it do. */
export interface Window {
  readonly context: BrowserContext
  readonly page: Page
  /** Requests to other origins, errors on the console (refusals of the Content-Security-Policy are such), exceptions. */
  readonly faults: readonly string[]
}

/** Opens a window without any state. It may ask these origins. */
export async function openWindow(
  browser: Browser,
  origins: readonly string[],
  options: BrowserContextOptions = {},
): Promise<Window> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('request', (request) => {
    if (!origins.includes(new URL(request.url()).origin)) faults.push(`request: ${request.url()}`)
  })
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`))
  page.on('console', (message) => {
    // The browser says so of each page that is answered with 4xx, as ours are on purpose; not of what they load.
    const isStatus = STATUS.test(message.text()) && !/\.(?:css|svg)$/.test(message.location().url)
    if (message.type() === 'error' && !isStatus) faults.push(`console: ${message.text()}`)
  })
  return { context, page, faults }
}

const EXECUTABLE = '/usr/bin/chromium'
const MISSING = `Cannot test the pages: ${EXECUTABLE} is missing; install Debian's package chromium (apt-get install chromium)`
const STATUS = /^Failed to load resource: the server responded with a status of 4\d\d/
const QUIET: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
