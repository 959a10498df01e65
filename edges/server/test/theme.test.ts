import { deflateSync } from 'node:zlib'
import { createServer, deriveColours, type Logo, type ThemeOptions } from '@jotwarden/server'
import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { fakeAuthority } from './fake-authority.ts'

/** Text and what it stands on; 4.5 by WCAG 2.2 §1.4.3. */
const TEXTS = [
  ['text', 'card'],
  ['text', 'ground'],
  ['text', 'glow'],
  ['text', 'tint'],
  ['quiet', 'card'],
  ['quiet', 'ground'],
  ['quiet', 'glow'],
  ['quiet', 'tint'],
  ['accent', 'card'],
  ['accent', 'ground'],
  ['accent', 'tint'],
  ['on-button', 'button'],
  ['on-button', 'button-strong'],
  ['alert-text', 'alert-ground'],
  ['alert-text', 'card'],
] as const

/** Edges and rings, which tell where a control is; 3 by §1.4.11. */
const EDGES = [
  ['line', 'card'],
  ['accent', 'card'],
  ['alert-edge', 'card'],
] as const

test('the style sheet uses no colour that it does not define', async () => {
  const { get } = asking()
  const [, path = ''] = /href="(\/assets\/[^"]+\.css)"/.exec(await (await get('/')).text()) ?? []
  const style = await (await get(path)).text()
  const defined = new Set([...style.matchAll(/(--[\w-]+):/g)].map(([, name]) => name))
  const used = [...style.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name)
  expect(used.length).toBeGreaterThan(10)
  expect(used.filter((name) => !defined.has(name))).toEqual([])
})

describe('deriveColours()', () => {
  const faultsOf = (accent: string): readonly string[] => {
    const derived = deriveColours(accent)
    if (derived === undefined) return [`${accent} gives no colours`]
    return Object.entries(derived.colours).flatMap(([scheme, colours]) => {
      const low = (least: number) => (pair: readonly [keyof typeof colours, keyof typeof colours]) =>
        contrast(colours[pair[0]], colours[pair[1]]) < least
      const pairs = [...TEXTS.filter(low(4.5)), ...EDGES.filter(low(3))]
      return pairs.map(([one, other]) => `${accent}, ${scheme}: ${one} on ${other}`)
    })
  }

  test('keeps every contrast of WCAG 2.2 AA, for colours from the whole cube in steps', () => {
    const steps = Array.from({ length: 16 }, (_, step) => (step * 17).toString(16).padStart(2, '0'))
    const faults = steps.flatMap((red) =>
      steps.flatMap((green) => steps.flatMap((blue) => faultsOf(`#${red}${green}${blue}`))),
    )
    expect(faults).toEqual([])
  })

  test('keeps every contrast of WCAG 2.2 AA, for colours by chance', () => {
    const seed = Math.floor(performance.now())
    let state = seed
    const next = (): string => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return `#${(state >>> 8).toString(16).padStart(6, '0')}`
    }
    expect(Array.from({ length: 3000 }, next).flatMap(faultsOf), `seed ${seed}`).toEqual([])
  })

  test('keeps a colour that needs no help, and says what it did to one that does', () => {
    expect(deriveColours('#0D5C63')?.colours.light.accent).toBe('#0d5c63')
    expect(deriveColours('#6fcfc4')?.colours.dark.accent).toBe('#6fcfc4')
    const yellow = deriveColours('#ffd400')
    expect(yellow?.corrected).toEqual([
      { scheme: 'light', from: '#ffd400', to: yellow?.colours.light.accent },
    ])
    expect(yellow?.colours.light).toMatchObject({ button: '#ffd400', 'on-button': '#000000' })
    expect(yellow?.colours.dark).toMatchObject({ accent: '#ffd400', button: '#ffd400' })
  })

  test('fills buttons so that they can be told from those that are not filled', () => {
    for (const accent of ['#ffffff', '#fffffe', '#151e1d', '#000000']) {
      const { light, dark } = deriveColours(accent)?.colours ?? {}
      expect(contrast(light?.button, light?.card)).toBeGreaterThanOrEqual(1.25)
      expect(contrast(dark?.button, dark?.card)).toBeGreaterThanOrEqual(1.25)
    }
  })

  for (const text of [
    '',
    'red',
    '#fff',
    '#ffd40',
    '#ffd4000',
    '#ggd400',
    '#ffd400;}',
    ' #ffd400',
    '#ffd400\n',
  ])
    test(`takes no ${JSON.stringify(text)}`, () => expect(deriveColours(text)).toBeUndefined())
})

describe('a theme', () => {
  const themed = (theme: ThemeOptions) => asking({ pages: { theme } })

  test('puts name, colours and logo on the pages, beside the host', async () => {
    const { get } = themed({ name: 'Käse & <Brot>', color: '#ffd400', logo: svg(PLAIN) })
    const page = await (await get('/')).text()
    expect(page).toContain('<title>Sign-in service · Käse &amp; &lt;Brot&gt;</title>')
    expect(page).toContain('<span>Käse &amp; &lt;Brot&gt;</span> <span class="quiet">auth.example.com</span>')
    const sheet = await (await get(/href="([^"]+\.css)"/.exec(page)?.[1] ?? '')).text()
    expect(sheet.match(/--button: #ffd400;/g)).toHaveLength(2)
    expect(page).toMatch(/<link rel="icon" type="image\/svg\+xml" href="\/assets\/logo-[0-9a-f]{12}\.svg">/)
  })

  test('gives a value to every property that the style sheet asks for, and asks for every one', async () => {
    const { get } = themed({ color: '#ffd400' })
    const page = await (await get('/')).text()
    const sheet = await (await get(/href="([^"]+\.css)"/.exec(page)?.[1] ?? '')).text()
    const asked = new Set(Array.from(sheet.matchAll(/var\((--[a-z-]+)/g), ([, name]) => name))
    const given = new Set(Array.from(sheet.matchAll(/^ +(--[a-z-]+):/gm), ([, name]) => name))
    expect([...asked].toSorted()).toEqual([...given].toSorted())
  })

  test('serves the logo so that it can neither run nor load anything, however it is opened', async () => {
    const { get } = themed({ logo: svg(PLAIN) })
    const path = /<img class="logo" src="([^"]+)"/.exec(await (await get('/')).text())?.[1] ?? ''
    const answer = await get(path)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect(await answer.text()).toBe(PLAIN)
  })

  test('serves a PNG byte for byte', async () => {
    const { get } = themed({ logo: { type: 'image/png', body: png() } })
    const path = /<img class="logo" src="([^"]+\.png)"/.exec(await (await get('/')).text())?.[1] ?? ''
    const answer = await get(path)
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(png())
  })

  test('changes nothing when it is not given', async () => {
    const page = await (await asking().get('/')).text()
    expect(page).toContain('<span>auth.example.com</span></header>')
    expect(page).not.toContain('class="logo"')
  })

  const refused: readonly (readonly [string, ThemeOptions])[] = [
    ['an empty name', { name: ' ' }],
    ['a name without end', { name: 'x'.repeat(61) }],
    ['a name that turns the text around', { name: 'Bank\u202Eknab' }],
    ['a colour by name', { color: 'red' }],
    ['a colour that ends the rule', { color: '#ffd400;} * { display: none' }],
    [
      'an SVG with a script',
      { logo: svg('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>') },
    ],
    ['an SVG with a handler', { logo: svg('<svg onload="alert(1)"></svg>') }],
    ['an SVG with HTML in it', { logo: svg('<svg><foreignObject></foreignObject></svg>') }],
    ['an SVG with entities', { logo: svg('<!DOCTYPE svg><svg></svg>') }],
    ['HTML for an SVG', { logo: svg('<html><svg></svg></html>') }],
    ['bytes for an SVG', { logo: { type: 'image/svg+xml', body: png() } }],
    ['an SVG for a PNG', { logo: { type: 'image/png', body: svg(PLAIN).body } }],
    ['a logo that is too large', { logo: svg(PLAIN + ' '.repeat(128 * 1024)) }],
  ]
  for (const [what, theme] of refused) {
    test(`is refused with ${what}`, () => {
      expect(() => createServer({ authority: fakeAuthority(), pages: { theme } })).toThrow(
        expect.objectContaining({ code: 'server/options' }),
      )
    })
  }
})

function svg(text: string): Logo {
  return { type: 'image/svg+xml', body: new TextEncoder().encode(text) }
}

/** As much of a PNG file as is looked at. */
function png(): Uint8Array<ArrayBuffer> {
  return new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...deflateSync('\0\xff')])
}

const PLAIN =
  '<?xml version="1.0"?>\n<!-- by hand -->\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path fill="#d40" d="M0 0h1v1z"/></svg>'

/** By the formula of WCAG 2.2, apart from the one that is tested. */
function contrast(one: string | undefined, other: string | undefined): number {
  const [low = Number.NaN, high = Number.NaN] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: string | undefined): number {
  if (!/^#[0-9a-f]{6}$/.test(colour ?? '')) return Number.NaN
  const value = Number.parseInt((colour ?? '').slice(1), 16)
  const [r = 0, g = 0, b = 0] = [16, 8, 0].map((shift) => {
    const part = ((value >> shift) & 255) / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
