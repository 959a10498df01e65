import { type Language, languages, type OwnTexts, pageTexts } from '@jotwarden/server'
import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { everyPage, visibleText } from './every-page.ts'

type Text = string | ((...values: readonly string[]) => string)

/** Every text of a language by its place, as `login.title`. */
function textsOf(language: Language): ReadonlyMap<string, Text> {
  const found = new Map<string, Text>()
  const collect = (value: object, place: string): void => {
    for (const [key, text] of Object.entries(value)) {
      const here = place === '' ? key : `${place}.${key}`
      if (typeof text === 'string' || typeof text === 'function') found.set(here, text)
      else collect(text, here)
    }
  }
  collect(pageTexts[language], '')
  return found
}

function spoken(text: Text | undefined): string {
  return typeof text === 'function' ? text(...PARAMETERS.slice(0, text.length)) : (text ?? '')
}

const PARAMETERS: readonly string[] = ['PARAMETER-1', 'PARAMETER-2', 'PARAMETER-3']
const ENGLISH = textsOf('en')
const FOREIGN = languages.filter((language) => language !== 'en')

describe.each(languages)('the texts in %s', (language) => {
  const texts = textsOf(language)

  test('are those of English, and no others', () => {
    expect([...texts.keys()].sort()).toEqual([...ENGLISH.keys()].sort())
  })

  test('say something, without spaces or lines too many and without HTML', () => {
    for (const [place, text] of texts) {
      expect(spoken(text), place).toMatch(/\p{L}{2}/u)
      expect(spoken(text), place).toBe(spoken(text).trim())
      expect(spoken(text), place).not.toMatch(/ {2}|[\n\t<>]|&\w+;/)
    }
  })

  test('use each parameter once, as English does', () => {
    for (const [place, english] of ENGLISH) {
      expect(typeof texts.get(place), place).toBe(typeof english)
      const taken = PARAMETERS.slice(0, typeof english === 'function' ? english.length : 0)
      const said = spoken(texts.get(place)).match(/PARAMETER-\d/g) ?? []
      expect([...said].sort(), place).toEqual(taken)
    }
  })

  test('have the quotation marks, apostrophes and points of print', () => {
    for (const [place, text] of texts) expect(spoken(text), place).not.toMatch(/["']|\.\.\./)
  })
})

describe.each(FOREIGN)('the texts in %s', (language) => {
  test('differ from English', () => {
    const same = [...textsOf(language)].filter(([place, text]) => spoken(text) === spoken(ENGLISH.get(place)))
    expect(same.map(([place]) => place)).toEqual([])
  })
})

test('German text has no word of the informal address', () => {
  for (const [place, text] of textsOf('de'))
    expect(spoken(text), place).not.toMatch(/\b(?:du|dein\w*|dir)\b/i)
})

test('French text has a no-break space before what stands off, and the narrow one before ? ! ;', () => {
  for (const [place, text] of textsOf('fr')) {
    expect(spoken(text), place).not.toMatch(/[^\u202f][?!;]/)
    expect(spoken(text), place).not.toMatch(/[^\u00a0]:/)
  }
})

describe('the pages', () => {
  test('show every text of the catalogue somewhere, and no word that is not of it', async () => {
    const { own, markOf } = marked()
    const seen = new Set<string>()
    for (const page of await everyPage(() => asking({ pages: { texts: { en: own } } }))) {
      const marks = visibleText(page).match(/⟦[^⟧]+⟧/g) ?? []
      for (const mark of marks) seen.add(mark)
      const rest = visibleText(page).replace(/⟦[^⟧]+⟧/g, ' ')
      expect(rest.match(/\p{L}{2,}/gu)?.filter((word) => !DATA.has(word)) ?? []).toEqual([])
    }
    expect([...seen].sort()).toEqual([...ENGLISH.keys()].map(markOf).sort())
  })

  test('escape the words of a host, also around a parameter', async () => {
    const own: OwnTexts = { en: { login: { heading: '<b>Hi</b>', lead: (app) => `<i>${app}</i>` } } }
    const { get } = asking({ pages: { texts: own } })
    const page = await (await get('/authorize')).text()
    expect(page).toContain('<h1>&lt;b&gt;Hi&lt;/b&gt;</h1>')
    expect(page).toContain('&lt;i&gt;<strong class="app"><bdi>Harbour Notes</bdi></strong>&lt;/i&gt;')
    expect(page).toContain('<label for="username">Username</label>')
  })
})

/** The catalogue with the place of each text in place of what it says. */
function marked(): { readonly own: NonNullable<OwnTexts['en']>; markOf(place: string): string } {
  const markOf = (place: string): string => `⟦${place}⟧`
  const mark = (value: object, place: string): object =>
    Object.fromEntries(
      Object.entries(value).map(([key, text]) => {
        const here = place === '' ? key : `${place}.${key}`
        if (typeof text === 'string') return [key, markOf(here)]
        return [
          key,
          typeof text === 'function'
            ? (...values: readonly string[]) => `${markOf(here)} ${values.join(' ')}`
            : mark(text, here),
        ]
      }),
    )
  return { own: mark(pageTexts.en, ''), markOf }
}

/** What the pages show that is nobody's to translate: names, addresses, numbers and what goes to developers. */
const DATA: ReadonlySet<string> = new Set([
  'auth',
  'example',
  'com',
  'org',
  'notes',
  'Harbour',
  'Notes',
  'Ada',
  'Lovelace',
  'ada',
  'openid',
  'profile',
  'email',
  'offline_access',
  'offline',
  'access',
  'seconds',
  'minutes',
  'hour',
  'hours',
  'day',
  'ago',
  'in',
  'Firefox',
  'Linux',
])
