import { defineSettings, describedScope, type ScopeText } from '@jotwarden/authority'
import { open, Secret, seal, sealedKid } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { authorizationForm, browser, ISSUER, PASSWORD, type World, world } from './world.ts'

async function begun(made: World, uiLocales: string | undefined) {
  const visitor = browser()
  const step = await made.authority.authorization.begin(
    authorizationForm({ ui_locales: uiLocales, login_hint: 'ada' }),
    visitor,
  )
  if (step.step !== 'login') throw new Error('no login page')
  visitor.binding = step.binding
  return { step, visitor }
}

describe('ui_locales (OpenID Connect Core §3.1.2.1)', () => {
  test('are told with every page of the sign-in, also after a refusal', async () => {
    const made = await world()
    const { step, visitor } = await begun(made, 'fr-CA de')
    const { signIn } = made.authority.authorization
    const wrong = { interaction: step.interaction, username: 'ada', password: Secret.fromText('wrong') }
    const refused = await signIn(wrong, visitor)
    const entered = await signIn({ ...wrong, password: Secret.fromText(PASSWORD) }, visitor)
    if (refused.step !== 'refused' || entered.step !== 'signed-in') throw new Error('not signed in')
    if (entered.next.step !== 'consent') throw new Error('not asked')
    visitor.login = entered.login
    const resumed = await made.authority.authorization.resume(entered.next.interaction, visitor)
    if (resumed.step !== 'consent') throw new Error('not asked again')
    for (const page of [step, refused, entered.next, resumed]) expect(page.uiLocales).toEqual(['fr-CA', 'de'])
  })

  const cases = [
    [undefined, []],
    ['de  de-CH de x', ['de', 'de-CH', 'x']],
    ['d3 -de de- <b> é de_CH *', []],
    ['123 de-1996 i-klingon', ['de-1996', 'i-klingon']],
    [`${'a'.repeat(9)} de-${'a-'.repeat(20)}a fr`, ['fr']],
    [
      Array.from({ length: 99 }, (_, at) => `de-${at}`).join(' '),
      Array.from({ length: 16 }, (_, at) => `de-${at}`),
    ],
    [`${'x '.repeat(600)}de`, ['x']],
  ] as const
  for (const [text, tags] of cases) {
    test(`"${text?.slice(0, 30)}" gives ${tags.length} tags and no refusal`, async () => {
      const { step } = await begun(await world(), text)
      expect(step.uiLocales).toEqual(tags)
    })
  }

  test('are none in a sign-in that a version before this one sealed', async () => {
    const made = await world()
    const { step, visitor } = await begun(made, 'fr')
    const context = `jotwarden/interaction|${ISSUER}`
    const key = made.authority.keyring.sealKeyFor(sealedKid(step.interaction))
    if (key === undefined) throw new Error('no key')
    const sealed = JSON.parse(Buffer.from(open(step.interaction, context, key)).toString('utf8'))
    delete sealed.request.uiLocales
    const older = seal(Buffer.from(JSON.stringify(sealed)), context, key, new Uint8Array(12))
    expect(await made.authority.authorization.resume(older, visitor)).toMatchObject({
      step: 'login',
      uiLocales: [],
    })
  })
})

describe('the texts of a scope', () => {
  const settings = (text: ScopeText) =>
    defineSettings({
      issuer: ISSUER,
      resources: [{ identifier: 'https://orders.example', name: 'Orders', scopes: { 'orders:read': text } }],
    })

  test('may be one a language, and are told with the page that asks', () => {
    const inLanguages = { de: 'Ihre Bestellungen sehen', en: 'See your orders' }
    expect(describedScope('orders:read', settings(inLanguages).resources)).toEqual({
      name: 'orders:read',
      description: 'Ihre Bestellungen sehen',
      inLanguages,
    })
    expect(describedScope('orders:read', settings('See your orders').resources)).toEqual({
      name: 'orders:read',
      description: 'See your orders',
    })
  })

  for (const text of [{}, { en: '' }, { 'not a tag': 'See your orders' }])
    test(`are refused as ${JSON.stringify(text)}`, () =>
      expect(() => settings(text)).toThrow(expect.objectContaining({ code: 'authority/settings' })))
})
