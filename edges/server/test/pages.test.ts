import type { AuthorizationStep, LogoutStep } from '@jotwarden/authority'
import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { consentStep, loginStep, logoutStep } from './fake-authority.ts'

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onfocus='alert(1)",
  '</title><script>alert(1)</script>',
  '&lt;b&gt;',
  '`onerror=alert(1)`',
]

async function pageOf(step: AuthorizationStep): Promise<string> {
  const { get, authority } = asking()
  authority.answers.begin = step
  return (await get('/authorize?client_id=notes')).text()
}

async function logoutPageOf(step: LogoutStep): Promise<string> {
  const { get, authority } = asking()
  authority.answers.logout = step
  return (await get('/logout')).text()
}

describe('escaping', () => {
  for (const hostile of HOSTILE) {
    test(`keeps ${hostile} text, wherever it stands`, async () => {
      const client = { id: 'notes', name: hostile }
      const pages = [
        await pageOf({ ...loginStep, client, loginHint: hostile }),
        await pageOf({
          ...consentStep,
          client,
          account: { username: hostile, name: hostile },
          scopes: [{ name: hostile, description: hostile }],
        }),
        await logoutPageOf({ step: 'confirm', client, fields: { state: hostile, id_token_hint: hostile } }),
      ]
      for (const page of pages) {
        expect(page).not.toContain(hostile)
        const tags = page.match(/<[a-z][^>]*>/g) ?? []
        expect(page).not.toContain('<script')
        expect(tags.join('').replace(/"[^"]*"/g, '')).not.toMatch(/\son[a-z]+=/)
        expect(tags.filter((tag) => tag.startsWith('<img'))).toHaveLength(1)
        expect(page.match(/<title>/g)).toHaveLength(1)
      }
    })
  }

  test('leaves out characters that are not seen or turn the text around, and what is too long', async () => {
    const name = `Bank\u202Eknab\u200B\u0000${'x'.repeat(500)}`
    const page = await pageOf({ ...loginStep, client: { id: 'notes', name } })
    expect(page).not.toMatch(/[\u202e\u200b]/)
    expect(page).not.toContain('\u0000')
    expect(page).toContain('Bankknabxxx')
    expect(page).not.toContain('x'.repeat(80))
  })

  test('names an app without a visible name', async () => {
    const page = await pageOf({ ...loginStep, client: { id: 'notes', name: '\u200B ' } })
    expect(page).toContain('An app without a name')
  })
})

describe('the place a person goes back to', () => {
  const cases = [
    ['https://notes.example.org/cb?x', 'notes.example.org'],
    ['https://user@evil.example/notes.example.org', 'evil.example'],
    ['https://xn--e1awd7f.example/cb', 'xn--e1awd7f.example'],
    ['http://127.0.0.1:4711/cb', 'an app on this device (127.0.0.1:4711)'],
    ['com.example.notes:/cb', 'an app on this device (com.example.notes)'],
  ] as const
  for (const [redirectUri, shown] of cases) {
    test(`of ${redirectUri} is shown as ${shown}`, async () => {
      const page = await pageOf({ ...consentStep, redirectUri })
      expect(page).toContain(`<bdi>${shown}</bdi>`)
    })
  }
})

describe('every page', () => {
  test('has a language, a title of its own, one heading, a width for phones, no script and no inline style', async () => {
    const { get, post } = asking()
    const pages = [
      await pageOf(loginStep),
      await pageOf(consentStep),
      await logoutPageOf(logoutStep),
      await logoutPageOf({ step: 'signed-out', location: undefined, ended: true }),
      await (await get('/')).text(),
      await (await get('/login')).text(),
      await (await get('/nowhere', { accept: 'text/html' })).text(),
      await (await post('/consent', '', { origin: 'null' })).text(),
    ]
    const titles = new Set<string>()
    for (const page of pages) {
      expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
      expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
      expect(page.match(/<h1>/g)).toHaveLength(1)
      expect(page.match(/<main[ >]/g)).toHaveLength(1)
      expect(page).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/)
      titles.add(/<title>([^<]+) · auth\.example\.com<\/title>/.exec(page)?.[1] ?? '')
    }
    expect(titles.size).toBe(pages.length)
    expect(titles.has('')).toBe(false)
  })

  test('labels its fields and says what goes into them', async () => {
    const page = await pageOf(loginStep)
    for (const [id, autocomplete] of [
      ['username', 'username'],
      ['password', 'current-password'],
    ]) {
      expect(page).toContain(`<label for="${id}">`)
      expect(page).toMatch(
        new RegExp(`<input id="${id}" name="${id}"[^>]*autocomplete="${autocomplete}"[^>]* required`),
      )
    }
    expect(page.match(/autofocus/g)).toHaveLength(1)
  })
})

describe('the style sheet', () => {
  const pairs = [
    ['text', 'card'],
    ['text', 'ground'],
    ['text', 'glow'],
    ['quiet', 'card'],
    ['quiet', 'ground'],
    ['quiet', 'glow'],
    ['quiet', 'tint'],
    ['text', 'tint'],
    ['accent', 'card'],
    ['accent', 'tint'],
    ['on-button', 'button'],
    ['on-button', 'button-strong'],
    ['alert-text', 'alert-ground'],
  ] as const

  for (const [scheme, index] of [
    ['light', 0],
    ['dark', 1],
  ] as const) {
    test(`has a contrast of 4.5 for text and of 3 for the edges of fields, ${scheme} (WCAG 2.2 §1.4.3, §1.4.11)`, async () => {
      const colours = (await coloursOf())[index] ?? {}
      for (const [text, ground] of pairs) {
        expect(contrast(colours[text], colours[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
      }
      for (const edge of ['line', 'accent', 'alert-edge']) {
        expect(contrast(colours[edge], colours.card), edge).toBeGreaterThanOrEqual(3)
      }
    })
  }

  test('has targets of 44 pixels at least, a visible focus, and stands still for those who ask', async () => {
    const sheet = await sheetText()
    expect(/\.button \{[^}]*min-height: 3rem/.test(sheet)).toBe(true)
    expect(sheet).toContain(':focus-visible { outline: 3px')
    expect(sheet).toContain('@media (prefers-reduced-motion: reduce)')
    expect(sheet).not.toMatch(/url\(|@import|https?:/)
  })
})

async function sheetText(): Promise<string> {
  const { get } = asking()
  const path = /href="([^"]+\.css)"/.exec(await (await get('/')).text())?.[1] ?? ''
  return (await get(path)).text()
}

async function coloursOf(): Promise<readonly Record<string, string>[]> {
  const roots = (await sheetText()).match(/:root \{[^}]+\}/g) ?? []
  return roots.map((root) =>
    Object.fromEntries(
      [...root.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
    ),
  )
}

function contrast(one: string | undefined, other: string | undefined): number {
  const [low = 0, high = 0] = [luminance(one ?? ''), luminance(other ?? '')].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: string): number {
  const [r = NaN, g = NaN, b = NaN] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
