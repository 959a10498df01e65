import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, reasonToSkip, startChromium } from './chromium.ts'
import { type CrowdedDeployment, crowded } from './crowded-deployment.ts'
import { type Development, developing } from './development.ts'
import { jotwarden } from './jotwarden-process.ts'
import { focused, pressTwice, shows } from './page-acts.ts'
import { faultsOf } from './page-looks.ts'

// The pages of the authority and of the sample web app, in a real browser.

const skipped = reasonToSkip()
if (skipped !== undefined) console.warn(`\n*** ${skipped} ***\n`)

describe.skipIf(skipped !== undefined)('in Chromium,', () => {
  let browser: Browser
  let development: Development
  let crowd: CrowdedDeployment

  beforeAll(async () => {
    browser = await startChromium()
    // Each is kept as soon as it runs, so that it is ended even when the other does not start.
    const starting = [
      developing().then((one) => {
        development = one
      }),
      crowded().then((one) => {
        crowd = one
      }),
    ]
    await Promise.all(starting)
    await Promise.all([addPerson(NAY), addPerson(AGAIN), addPerson(TWICE)])
  })

  afterAll(async () => {
    await browser?.close()
    await Promise.all([development?.stop(), crowd?.stop()])
  })

  async function addPerson({ username, password }: Person): Promise<void> {
    const words = ['users', 'add', username, '--dev', '--password-stdin']
    const { code, stderr } = await jotwarden(words, { folder: development.folder, stdin: password })
    if (code !== 0) throw new Error(stderr)
  }

  /** Acts in a window without any state, and then expects that no page did what it must not. */
  async function inWindow(
    options: BrowserContextOptions,
    act: (page: Page, context: BrowserContext) => Promise<void>,
  ): Promise<void> {
    const { page, context, faults } = await openWindow(browser, origins(), options)
    await act(page, context)
    await context.close()
    expect(faults).toEqual([])
  }

  function origins(): readonly string[] {
    return [development.issuer, development.webApp, crowd.issuer]
  }

  async function startAtApp(page: Page): Promise<void> {
    await page.goto(development.webApp)
    await page.getByRole('link', { name: 'Sign in' }).click()
  }

  async function sendPassword(page: Page, { username, password }: Person): Promise<void> {
    await page.getByLabel('Username').fill(username)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  async function signInAtApp(page: Page, person: Person): Promise<void> {
    await startAtApp(page)
    await sendPassword(page, person)
  }

  function sessionsOf({ username }: Person): number {
    const database = new DatabaseSync(join(development.folder, '.jotwarden/data/jotwarden.db'), {
      readOnly: true,
    })
    const rows = database
      .prepare('SELECT id FROM sessions WHERE subject = (SELECT subject FROM accounts WHERE username = ?)')
      .all(username)
    database.close()
    return rows.length
  }

  test('the whole way from the sample web app through sign-in and consent to the API needs no script', () =>
    inWindow(WITHOUT_SCRIPT, async (page) => {
      await startAtApp(page)
      expect(new URL(page.url()).origin).toBe(development.issuer)
      await sendPassword(page, development.account)
      await shows(page, 'Allow Sample web app?')
      await page.getByRole('button', { name: 'Allow' }).click()
      expect(page.url()).toBe(`${development.webApp}/`)
      await shows(page, 'Hello, Dev Example')
      expect(await page.getByRole('table').innerText()).toContain('A-1041')
      await page.getByRole('button', { name: 'Refresh' }).click()
      expect(await page.getByRole('status').innerText()).toBe('The tokens were refreshed.')
    }))

  test('a refused sign-in says so, keeps the username and not the password, and goes on after Back', () =>
    inWindow(WITHOUT_SCRIPT, async (page) => {
      await signInAtApp(page, { username: 'dev', password: 'not-the-password' })
      expect(await page.getByRole('alert').innerText()).toContain('The username or the password is not right')
      expect(await page.getByLabel('Username').inputValue()).toBe('dev')
      expect(await page.getByLabel('Password').inputValue()).toBe('')
      expect(await page.content()).not.toContain('not-the-password')
      expect(page.url()).not.toContain('not-the-password')
      await page.reload()
      expect(await page.getByRole('alert').innerText()).toContain('The username or the password is not right')
      await page.goBack()
      await sendPassword(page, NAY)
      await shows(page, 'Allow Sample web app?')
    }))

  test('deny leads back to the app, which says so in words', () =>
    inWindow(WITHOUT_SCRIPT, async (page) => {
      await signInAtApp(page, NAY)
      await page.getByRole('button', { name: 'Deny' }).click()
      expect(page.url()).toContain(`${development.webApp}/callback?error=access_denied`)
      await shows(page, 'You said no')
      await page.getByRole('link', { name: 'Back' }).click()
      expect(page.url()).toBe(`${development.webApp}/`)
    }))

  test('the keyboard alone signs in and allows, each stop with a ring around it', () =>
    inWindow({}, async (page) => {
      await startAtApp(page)
      // A browser puts the focus there a moment after the page is shown
      await expect.poll(() => focused(page)).toMatchObject({ name: 'username', ring: RING })
      await page.keyboard.type(AGAIN.username)
      await page.keyboard.press('Tab')
      expect(await focused(page)).toMatchObject({ name: 'password', ring: RING })
      await page.keyboard.type(AGAIN.password)
      await page.keyboard.press('Tab')
      expect(await focused(page)).toMatchObject({ text: 'Sign in', ring: RING })
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.press('Enter')
      await page.waitForURL(/consent/)
      const unfocused = await page
        .getByRole('button')
        .evaluateAll((all) => all.map((one) => getComputedStyle(one).outlineStyle))
      expect(unfocused).toEqual(['none', 'none'])
      for (const text of ['Deny', 'Allow']) {
        await page.keyboard.press('Tab')
        expect(await focused(page)).toMatchObject({ text, ring: RING })
      }
      await page.keyboard.press('Enter')
      await page.waitForURL(`${development.webApp}/`)
    }))

  test('every cookie is HttpOnly and SameSite=Lax, and a script in the page finds no cookie and nothing stored', () =>
    inWindow({}, async (page, context) => {
      const nothing = { cookie: '', local: 0, session: 0 }
      const seen = () =>
        page.evaluate(() => ({
          cookie: document.cookie,
          local: localStorage.length,
          session: sessionStorage.length,
        }))
      await startAtApp(page)
      expect(await seen()).toEqual(nothing)
      await sendPassword(page, development.account)
      if (page.url().includes('/consent')) {
        expect(await seen()).toEqual(nothing)
        await page.getByRole('button', { name: 'Allow' }).click()
      }
      await shows(page, 'Hello, Dev Example')
      expect(await seen()).toEqual(nothing)
      const cookies = await context.cookies()
      expect(cookies.length).toBe(3)
      for (const { name, httpOnly, sameSite, path, value } of cookies) {
        expect({ name, httpOnly, sameSite, path }).toEqual({
          name,
          httpOnly: true,
          sameSite: 'Lax',
          path: '/',
        })
        expect(value).not.toMatch(/eyJ|jwr_/)
      }
    }))

  test('a form sent twice, Back after the end, and the consent sent again give no second session', () =>
    inWindow({}, async (page, context) => {
      await startAtApp(page)
      await page.getByLabel('Username').fill(TWICE.username)
      await page.getByLabel('Password').fill(TWICE.password)
      await pressTwice(page, 'Sign in')
      await shows(page, 'Allow Sample web app?')
      const consent = page.url()
      const sending = page.waitForRequest((one) => one.method() === 'POST')
      await pressTwice(page, 'Allow')
      await shows(page, 'Hello, twice')
      expect(sessionsOf(TWICE)).toBe(1)

      await page.goBack()
      await shows(page, 'Hello, twice')
      await page.goto(consent)
      await shows(page, 'Hello, twice')
      const sent = await sending
      const again = await context.request.post(sent.url(), {
        headers: { origin: development.issuer, 'content-type': 'application/x-www-form-urlencoded' },
        data: sent.postData() ?? '',
      })
      expect({ url: again.url(), status: again.status() }).toEqual({
        url: `${development.webApp}/`,
        status: 200,
      })
      expect(sessionsOf(TWICE)).toBe(1)
    }))

  test('signing out at the authority, by keyboard and without a script, takes the app’s session along', () =>
    inWindow(WITHOUT_SCRIPT, async (page) => {
      await signInAtApp(page, development.account)
      if (page.url().includes('/consent')) await page.getByRole('button', { name: 'Allow' }).click()
      await shows(page, 'Hello, Dev Example')
      await page.goto(`${development.issuer}/logout`)
      await shows(page, 'Sign out?')
      await page.keyboard.press('Tab')
      expect(await focused(page)).toMatchObject({ text: 'Sign out', ring: RING })
      await page.keyboard.press('Enter')
      await shows(page, 'You are signed out')
      await expect
        .poll(async () => {
          await page.goto(development.webApp)
          return page.getByRole('heading', { level: 1 }).innerText()
        })
        .not.toContain('Hello')
      await startAtApp(page)
      await shows(page, 'Sign in')
    }))

  describe('in light and dark, 320, 390 and 1280 pixels wide, with nothing for axe to find:', () => {
    const pages: Readonly<Record<string, readonly [string | RegExp, (page: Page) => Promise<unknown>]>> = {
      index: ['Sign-in service', (page) => page.goto(development.issuer)],
      'not-found': ['There is nothing here', (page) => page.goto(`${development.issuer}/nowhere`)],
      'unknown-client': [
        'This app is not known here',
        (page) => page.goto(`${development.issuer}/authorize?client_id=nobody&response_type=code`),
      ],
      'expired-interaction': [
        'This sign-in has expired',
        (page) => page.goto(`${development.issuer}/login?interaction=over`),
      ],
      login: ['Sign in', startAtApp],
      'login-refused': ['Sign in', (page) => signInAtApp(page, { ...NAY, password: 'wrong' })],
      consent: ['Allow Sample web app?', (page) => signInAtApp(page, NAY)],
      'crowded-login': ['Sign in', (page) => page.goto(crowd.authorize)],
      'crowded-consent': [
        /^Allow Großhandels.*…\?$/,
        async (page) => {
          await page.goto(crowd.authorize)
          await sendPassword(page, crowd.account)
        },
      ],
      logout: [
        'Sign out?',
        async (page) => {
          await signInAtApp(page, NAY)
          await page.goto(`${development.issuer}/logout?client_id=dev-web`)
        },
      ],
      'signed-out': ['You are signed out', (page) => page.goto(`${development.issuer}/logout`)],
      app: ['Your orders, behind a sign-in', (page) => page.goto(development.webApp)],
      'app-orders': [
        'Hello, Dev Example',
        async (page) => {
          await signInAtApp(page, development.account)
          if (page.url().includes('/consent')) await page.getByRole('button', { name: 'Allow' }).click()
        },
      ],
      'app-denied': [
        'You said no',
        async (page) => {
          await signInAtApp(page, NAY)
          await page.getByRole('button', { name: 'Deny' }).click()
        },
      ],
    }
    for (const [name, [heading, open]] of Object.entries(pages)) {
      test(name, () =>
        inWindow({}, async (page) => {
          await open(page)
          await shows(page, heading)
          expect(await faultsOf(page, name)).toEqual([])
        }),
      )
    }
  })
})

const WITHOUT_SCRIPT: BrowserContextOptions = { javaScriptEnabled: false }
const RING: unknown = expect.stringMatching(/^solid [2-9]px/)

interface Person {
  readonly username: string
  readonly password: string
}

/** Never allows anything, so that they are always asked. */
const NAY: Person = { username: 'nay', password: 'nay-nay-nay-nay' }
const AGAIN: Person = { username: 'again', password: 'again-again-again' }
const TWICE: Person = { username: 'twice', password: 'twice-twice-twice' }
