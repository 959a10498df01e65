import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, reasonToSkip, startChromium, type Window } from './chromium.ts'
import { type CrowdedDeployment, crowded } from './crowded-deployment.ts'
import { type Development, developing } from './development.ts'
import { jotwarden } from './jotwarden-process.ts'
import { focused, pressTwice, shows } from './page-acts.ts'
import { faultsOf } from './page-looks.ts'

// The page on which people see and end their own sign-ins, in a real browser, with the sample web app beside it.

const skipped = reasonToSkip()
if (skipped !== undefined) console.warn(`\n*** ${skipped} ***\n`)

describe.skipIf(skipped !== undefined)('in Chromium, the page of one’s own sign-ins', () => {
  let browser: Browser
  let development: Development
  let crowd: CrowdedDeployment
  const open: Window[] = []

  beforeAll(async () => {
    browser = await startChromium()
    await Promise.all([
      developing().then((one) => {
        development = one
      }),
      crowded().then((one) => {
        crowd = one
      }),
    ])
    await Promise.all([EVE, KIM, LEE, ZOE].map(addPerson))
  })

  afterAll(async () => {
    await browser?.close()
    await Promise.all([development?.stop(), crowd?.stop()])
  })

  async function addPerson({ username, name, password }: Person): Promise<void> {
    const words = ['users', 'add', username, '--name', name, '--dev', '--password-stdin']
    const { code, stderr } = await jotwarden(words, { folder: development.folder, stdin: password })
    if (code !== 0) throw new Error(stderr)
  }

  /** A window of somebody's, that is looked after until the test is over. */
  async function windowOf(options: BrowserContextOptions = {}): Promise<Page> {
    const opened = await openWindow(browser, [development.issuer, development.webApp, crowd.issuer], options)
    open.push(opened)
    return opened.page
  }

  async function closeWindows(): Promise<void> {
    const closing = open.splice(0)
    for (const { context } of closing) await context.close()
    expect(closing.flatMap(({ faults }) => faults)).toEqual([])
  }

  async function sendPassword(page: Page, { username, password }: Account): Promise<void> {
    await page.getByLabel('Username').fill(username)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  async function signInAtApp(page: Page, person: Account): Promise<void> {
    await page.goto(development.webApp)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await sendPassword(page, person)
    if (page.url().includes('/consent')) await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('heading', { level: 1, name: 'Hello' }).waitFor()
  }

  async function openSessions(page: Page): Promise<void> {
    await page.goto(`${development.issuer}/sessions`)
    await shows(page, TITLE)
  }

  /** Whether the app has noticed that its session is over: the API refused its token, and the authority the refresh. */
  async function appIsOver(page: Page): Promise<boolean> {
    await page.goto(development.webApp)
    return (await page.getByRole('heading', { level: 1 }).innerText()) === 'Your orders, behind a sign-in'
  }

  /** Has an app with a name that is much too long start more sessions than fit on a page. */
  async function addManySessions(page: Page): Promise<void> {
    const redirect = 'http://127.0.0.1/callback'
    const words = ['clients', 'add', LONG_NAME, '--id', 'long', '--native', '--trusted', '--dev']
    await jotwarden([...words, '--redirect-uri', redirect, '--scope', 'openid'], {
      folder: development.folder,
    })
    const query = new URLSearchParams({
      client_id: 'long',
      response_type: 'code',
      redirect_uri: redirect,
      scope: 'openid',
      code_challenge: '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM',
      code_challenge_method: 'S256',
    })
    for (let count = 0; count < 30; count += 1) {
      const url = `${development.issuer}/authorize?${query}`
      const answer = await page.context().request.get(url, { maxRedirects: 0 })
      const code = new URL(answer.headers().location ?? '').searchParams.get('code') ?? ''
      const values = {
        grant_type: 'authorization_code',
        client_id: 'long',
        code,
        code_verifier: 'v'.repeat(43),
      }
      const body = new URLSearchParams(values)
      const redeemed = await fetch(`${development.issuer}/token`, { method: 'POST', body })
      expect(redeemed.status).toBe(200)
    }
  }

  const signIns = (page: Page) => page.locator('.sign-in')

  test('two browsers of one person and one of another: each sees their own, and ends one app of one browser', async () => {
    const desk = await windowOf({ ...WITHOUT_SCRIPT, userAgent: FIREFOX })
    const phone = await windowOf({ ...WITHOUT_SCRIPT, userAgent: IPHONE })
    const eves = await windowOf(WITHOUT_SCRIPT)
    await signInAtApp(desk, KIM)
    await signInAtApp(phone, KIM)
    await signInAtApp(eves, EVE)
    await openSessions(eves)
    expect(await signIns(eves).count()).toBe(1)

    await openSessions(desk)
    expect(await desk.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      'Safari on iPhone/iPad',
      'Firefox on Linux This browser',
    ])
    const elsewhere = signIns(desk).filter({ hasText: 'iPhone' })
    await elsewhere.getByRole('button', { name: /^Sign out Sample web app/ }).click()
    expect(await desk.getByRole('status').innerText()).toContain('You are signed out of that app')
    expect(await signIns(desk).filter({ hasText: 'iPhone' }).innerText()).toContain(
      'No app is signed in here',
    )
    await expect.poll(() => appIsOver(phone), { timeout: 2000 }).toBe(true)
    expect(await phone.getByRole('status').innerText()).toContain('Your session has ended')
    expect([await appIsOver(desk), await appIsOver(eves)]).toEqual([false, false])

    // Reloading sends nothing again
    await openSessions(desk)
    await signIns(desk)
      .filter({ hasText: 'iPhone' })
      .getByRole('button', { name: /^Sign out browser/ })
      .click()
    await desk.getByRole('status').waitFor()
    await desk.reload()
    expect(await desk.getByRole('status').innerText()).toContain('That browser is signed out')
    expect(await signIns(desk).count()).toBe(1)
    await phone.goto(`${development.issuer}/sessions`)
    await shows(phone, 'Sign in')
    await closeWindows()
  })

  test('not signed in: sign-in, and back here; forgetting an app ends it; everything ends after a question', async () => {
    const desk = await windowOf({ ...WITHOUT_SCRIPT, userAgent: FIREFOX })
    const phone = await windowOf(WITHOUT_SCRIPT)
    await signInAtApp(phone, LEE)
    await desk.goto(development.issuer)
    await desk.getByRole('link', { name: TITLE_LINK }).click()
    await shows(desk, 'Sign in')
    expect(await desk.getByRole('main').innerText()).toContain('No app is told')
    await sendPassword(desk, LEE)
    await shows(desk, TITLE)
    expect(new URL(desk.url()).pathname).toBe('/sessions')

    await pressTwice(desk, 'Forget Sample web app')
    expect(await desk.getByRole('status').innerText()).toContain('The app is forgotten')
    await expect.poll(() => appIsOver(phone), { timeout: 2000 }).toBe(true)
    await phone.getByRole('link', { name: 'Sign in' }).click()
    await shows(phone, 'Allow Sample web app?')
    await phone.getByRole('button', { name: 'Allow' }).click()

    await openSessions(desk)
    expect(await desk.getByRole('button', { name: 'Yes, sign out everywhere' }).isVisible()).toBe(false)
    await desk.getByText('Sign out everywhere, here too').click()
    await desk.getByRole('button', { name: 'Yes, sign out everywhere' }).click()
    await shows(desk, 'You are signed out')
    await expect.poll(() => appIsOver(phone), { timeout: 2000 }).toBe(true)
    await phone.goto(`${development.issuer}/sessions`)
    await shows(phone, 'Sign in')
    await desk.goBack()
    await shows(desk, 'Sign in')
    await closeWindows()
  })

  test('the keyboard alone signs out everywhere else, then everywhere, each stop with a ring around it', async () => {
    const desk = await windowOf({ userAgent: FIREFOX })
    const phone = await windowOf()
    await signInAtApp(phone, LEE)
    await desk.goto(`${development.issuer}/sessions`)
    await expect.poll(async () => (await focused(desk)).name).toBe('username')
    await desk.keyboard.type(LEE.username)
    await desk.keyboard.press('Tab')
    await desk.keyboard.type(LEE.password)
    await desk.keyboard.press('Enter')
    await shows(desk, TITLE)
    const stops: string[] = []
    const tabTo = async (text: string) => {
      for (let presses = 0; presses < 30; presses += 1) {
        await desk.keyboard.press('Tab')
        const stop = await focused(desk)
        stops.push(stop.text ?? '')
        expect(stop.ring).toMatch(/^solid [2-9]px/)
        if (stop.text?.trim() === text) return
      }
      throw new Error(`Tab does not lead to ${text}`)
    }
    await tabTo('Sign out everywhere else')
    expect(stops.map((stop) => stop.trim())).toEqual([
      'Sign out here',
      'Sign out browser',
      'Sign out',
      'Sign out everywhere else',
    ])
    await desk.keyboard.press('Enter')
    await desk.getByRole('status').waitFor()
    expect(await signIns(desk).count()).toBe(1)
    await expect.poll(() => appIsOver(phone), { timeout: 2000 }).toBe(true)
    await tabTo('Sign out everywhere, here too')
    await desk.keyboard.press('Enter')
    await tabTo('Yes, sign out everywhere')
    await desk.keyboard.press('Enter')
    await shows(desk, 'You are signed out')
    await closeWindows()
  })

  describe('in light and dark, 320, 390 and 1280 pixels wide, has nothing for axe to find:', () => {
    const pages: Readonly<Record<string, (page: Page) => Promise<void>>> = {
      'sessions-login': async () => {},
      sessions: (page) => sendPassword(page, EVE),
      'sessions-ended': async (page) => {
        await sendPassword(page, EVE)
        await page
          .getByRole('button', { name: /^Sign out browser/ })
          .first()
          .click()
        await page.getByRole('status').waitFor()
        await page.getByText('Sign out everywhere, here too').click()
      },
      'sessions-many': async (page) => {
        await sendPassword(page, ZOE)
        await addManySessions(page)
        await openSessions(page)
      },
      'sessions-older': async (page) => {
        await sendPassword(page, ZOE)
        await page.getByRole('link', { name: 'Older sign-ins' }).click()
        await page.getByRole('link', { name: 'Back to the newest' }).waitFor()
      },
      'sessions-crowded': async (page) => {
        await page.goto(`${crowd.issuer}/sessions`)
        await sendPassword(page, crowd.account)
        await page.goto(`${crowd.issuer}/sessions?outdated=1`)
      },
    }
    for (const [name, show] of Object.entries(pages)) {
      test(name, async () => {
        for (const userAgent of name === 'sessions' ? [IPHONE, EDGE, 'Something unknown'] : [])
          await signInAtApp(await windowOf({ userAgent }), EVE)
        const page = await windowOf({ userAgent: FIREFOX })
        await page.goto(`${development.issuer}/sessions`)
        await show(page)
        await shows(page, name === 'sessions-login' ? 'Sign in' : TITLE)
        expect(await faultsOf(page, name)).toEqual([])
        await closeWindows()
      })
    }
  })
})

type Account = Pick<Person, 'username' | 'password'>

interface Person {
  readonly username: string
  readonly name: string
  readonly password: string
}

const EVE: Person = { username: 'eve', name: 'Eve Evergreen', password: 'eve-eve-eve-eve-1' }
const KIM: Person = { username: 'kim', name: 'Kim Kensington', password: 'kim-kim-kim-kim-2' }
const LEE: Person = { username: 'lee', name: 'Lee Lindgren', password: 'lee-lee-lee-lee-3' }
const ZOE: Person = { username: 'zoe', name: 'Zoë Zábranská', password: 'zoe-zoe-zoe-zoe-4' }

const LONG_NAME =
  'Großhandels-Bestellübersichtsverwaltung für Niederlassungen, Lager und Außendienst der Unternehmung'
const TITLE = 'Where you are signed in'
const TITLE_LINK = 'See where you are signed in'
const WITHOUT_SCRIPT: BrowserContextOptions = { javaScriptEnabled: false }
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1'
const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0'
