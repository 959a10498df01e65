import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, reasonToSkip, startChromium } from './chromium.ts'
import { type CrowdedDeployment, crowded } from './crowded-deployment.ts'
import { faultsOf } from './page-looks.ts'

// The pages in German and French, with a theme that is hard to read and everything as long as it may be.

const skipped = reasonToSkip()
if (skipped !== undefined) console.warn(`\n*** ${skipped} ***\n`)

describe.skipIf(skipped !== undefined)('in Chromium, with a yellow theme and a logo,', () => {
  let browser: Browser
  let crowd: CrowdedDeployment

  beforeAll(async () => {
    browser = await startChromium()
    crowd = await crowded(PAGES, { 'logo.svg': LOGO })
  })

  afterAll(async () => {
    await browser?.close()
    await crowd?.stop()
  })

  const words = {
    de: {
      locale: 'en-GB',
      wish: '&ui_locales=it%20de-CH',
      login: 'Anmelden',
      username: 'Benutzername',
      password: 'Passwort',
      refused: 'Benutzername oder Passwort stimmt nicht.',
      consent: /^Zugriff für Großhandels.*… erlauben\?$/,
      ownScope: 'Ihre Bestellungen sehen',
      otherScopes: [],
      choices: ['Ablehnen', 'Erlauben'],
      sessions: 'Wo Sie angemeldet sind',
      everything: 'Überall abmelden, auch hier',
      forget: 'Vergessen',
      forgotten: 'Die App ist vergessen und abgemeldet. Sie muss Sie wieder fragen.',
      logout: 'Abmelden?',
      signOut: 'Abmelden',
      signedOut: 'Sie sind abgemeldet',
      unknown: 'Diese App ist hier nicht bekannt',
    },
    fr: {
      locale: 'fr-CA',
      wish: '',
      login: 'Se connecter',
      username: 'Nom d’utilisateur',
      password: 'Mot de passe',
      refused: 'Le nom d’utilisateur ou le mot de passe est incorrect.',
      consent: /^Autoriser Großhandels.*…\s\?$/,
      ownScope: 'Voir vos commandes',
      otherScopes: ['See your invoices'],
      choices: ['Refuser', 'Autoriser'],
      sessions: 'Où votre compte est connecté',
      everything: 'Se déconnecter partout, ici aussi',
      forget: 'Oublier',
      forgotten: 'L’application est oubliée et déconnectée. Elle devra vous demander à nouveau.',
      logout: /^Se déconnecter\s\?$/,
      signOut: 'Se déconnecter',
      signedOut: 'Votre session est fermée',
      unknown: 'Cette application n’est pas connue ici',
    },
  } as const

  for (const [language, say] of Object.entries(words)) {
    const how = say.wish === '' ? 'the browser' : 'the app'
    test(`a person whom ${how} says to speak ${language} signs in, is asked and signs out by keyboard; axe finds nothing`, async () => {
      const { page, context, faults } = await openWindow(browser, [crowd.issuer], {
        locale: say.locale,
        colorScheme: 'light',
      })
      const found: string[] = []
      const looksGood = async (name: string, heading: string | RegExp): Promise<void> => {
        await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
        expect(await page.evaluate(() => document.documentElement.lang)).toBe(language)
        found.push(...(await faultsOf(page, `${language}-${name}`)))
      }

      await page.goto(`${crowd.authorize}${say.wish}`)
      await typeCredentials(page, say, 'wrong')
      await page.getByRole('alert').filter({ hasText: say.refused }).waitFor()
      await looksGood('login-refused', say.login)
      await typeCredentials(page, say, crowd.account.password)
      await looksGood('consent', say.consent)
      expect(await page.getByRole('listitem').filter({ hasText: say.ownScope }).count()).toBe(1)
      expect(await page.locator('li span[lang]').allInnerTexts()).toEqual(say.otherScopes)
      for (const text of say.choices) {
        await page.keyboard.press('Tab')
        expect(await focusOf(page)).toEqual({ text, ring: '3px solid rgb(131, 109, 0)' })
      }

      await allow(page)

      await page.goto(`${crowd.issuer}/sessions?${say.wish}`)
      await page.getByText(say.everything).click()
      await looksGood('sessions', say.sessions)
      await page.getByRole('button').filter({ hasText: say.forget }).click()
      await page.getByRole('status').filter({ hasText: say.forgotten }).waitFor()

      await page.goto(`${crowd.issuer}/logout?client_id=app${say.wish}`)
      await looksGood('logout', say.logout)
      await page.keyboard.press('Tab')
      expect(await focusOf(page)).toMatchObject({ text: say.signOut })
      await page.keyboard.press('Enter')
      await looksGood('signed-out', say.signedOut)
      await page.goto(`${crowd.issuer}/authorize?client_id=nobody${say.wish}`)
      await looksGood('unknown-client', say.unknown)
      await context.close()
      expect([...found, ...faults]).toEqual([])
    }, 90_000)
  }
})

/** By keyboard alone: the first field that is still empty has the focus. */
async function typeCredentials(
  page: Page,
  say: { readonly username: string; readonly password: string },
  password: string,
): Promise<void> {
  expect(await page.getByLabel(say.username).inputValue()).not.toBe('')
  expect(await page.getByLabel(say.password).evaluate((field) => field === document.activeElement)).toBe(true)
  await page.keyboard.type(password)
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
}

/** Sends the form as its last button does, but does not follow to the app, which is nowhere. */
async function allow(page: Page): Promise<void> {
  const { action, form } = await page.evaluate(() => {
    const button = [...document.querySelectorAll('button')].at(-1)
    if (!button?.form) throw new Error('The page has no form')
    const fields = [...new FormData(button.form, button)].map(([name, value]) => [name, String(value)])
    return { action: button.form.action, form: Object.fromEntries(fields) }
  })
  const headers = { origin: new URL(action).origin }
  const answer = await page.context().request.post(action, { form, headers, maxRedirects: 0 })
  expect(answer.headers().location).toContain('code=')
}

/** In light, as the page was last looked at in dark. */
async function focusOf(page: Page): Promise<{ readonly text: string | null; readonly ring: string }> {
  await page.emulateMedia({ colorScheme: 'light' })
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body
    const { outlineWidth, outlineStyle, outlineColor } = getComputedStyle(element)
    return { text: element.textContent, ring: `${outlineWidth} ${outlineStyle} ${outlineColor}` }
  })
}

const PAGES = `name = "Unternehmensgruppenanmeldung"
color = "#ffd400"
logo = "logo.svg"
`
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 40">
<style>path { fill: none; stroke: #1d1d1b; stroke-width: 4; stroke-linecap: round }</style>
<rect width="96" height="40" rx="8" fill="#ffd400"/>
<path d="M14 28h68M22 28l12-16 12 16M58 12v16M70 12v16"/>
</svg>
`
