import { languages, pageTexts } from '@jotwarden/server'
import { describe, expect, test } from 'vitest'
import { type Asking, asking } from './asking.ts'
import { browser } from './browser.ts'
import { everyPage, visibleText } from './every-page.ts'
import { consentStep, loginStep, logoutStep, refusal } from './fake-authority.ts'
import { CALLBACK, PASSWORD, world } from './world.ts'

describe.each(languages)('in %s', (language) => {
  test('every page says which language it is in, in its head and in the answer', async () => {
    const server = (): Asking => asking({ pages: { language } })
    for (const page of await everyPage(server)) expect(page).toContain(`<html lang="${language}">`)
    const answer = await server().get('/')
    expect(answer.headers.get('content-language')).toBe(language)
    expect(answer.headers.get('vary')).toBe('Accept-Language')
  })

  test('no page shows a sentence of another language', async () => {
    const others = languages.filter((other) => other !== language).map((other) => pageTexts[other])
    for (const page of await everyPage(() => asking({ pages: { language } }))) {
      for (const { errors, login, consent, logout } of others) {
        for (const text of [login.username, login.password, consent.wants, logout.submit, errors.busy.text])
          expect(visibleText(page)).not.toContain(text)
      }
    }
  })
})

describe('Accept-Language', () => {
  const cases = [
    ['', 'en'],
    ['de', 'de'],
    ['de-CH', 'de'],
    ['DE-ch-1996, en;q=0.9', 'de'],
    ['it, fr;q=0.4, de;q=0.5', 'de'],
    ['fr;q=0.9,de;q=0.9', 'fr'],
    ['de;q=0, fr', 'fr'],
    ['de;q=0', 'en'],
    ['it, *;q=0.5', 'en'],
    ['it', 'en'],
    ['de;q=2, fr;q=0.1', 'fr'],
    ['de;q=0.1234, fr;q=0.1', 'fr'],
    ['"><script>, fr', 'fr'],
    [',;q=1,, ;, fr ; q=1.000 ,', 'fr'],
    [`${'x,'.repeat(511)}  ,de`, 'en'],
    [`${'x, '.repeat(100_000)}de`, 'en'],
    ['den, frx', 'en'],
  ] as const
  for (const [header, language] of cases) {
    test(`"${header.slice(0, 40)}" gives ${language} (RFC 9110 §12.5.4)`, async () => {
      const answer = await asking().get('/', { 'accept-language': header })
      expect(answer.headers.get('content-language')).toBe(language)
    })
  }
})

describe('ui_locales', () => {
  const cases = [
    ['fr', 'fr'],
    ['de-CH fr', 'de'],
    ['FR-ca', 'fr'],
    ['it fr', 'fr'],
    ['it pt-BR', 'de'],
    ['', 'de'],
    ['* 1é <b> -- fr', 'fr'],
    ['../../etc/passwd', 'de'],
    [`${'x'.repeat(2000)} fr`, 'de'],
  ] as const
  for (const [wish, language] of cases) {
    test(`"${wish.slice(0, 40)}" before Accept-Language "de" gives ${language} (OpenID Connect Core §3.1.2.1)`, async () => {
      const { get, authority } = asking()
      authority.answers.begin = refusal('authority/client-unknown')
      const answer = await get(`/authorize?ui_locales=${encodeURIComponent(wish)}`, {
        'accept-language': 'de',
      })
      expect({ status: answer.status, language: answer.headers.get('content-language') }).toEqual({
        status: 400,
        language,
      })
    })
  }

  test('of the sealed sign-in decide over its pages, whatever the address says', async () => {
    const { get, authority } = asking()
    authority.answers.resume = { ...consentStep, uiLocales: ['fr-CH'] }
    const answer = await get('/consent?interaction=i&ui_locales=de')
    expect(answer.headers.get('content-language')).toBe('fr')
  })

  test('go along with the form and the redirect, so that a refusal after them is in the same language', async () => {
    const { get, post, authority } = asking()
    authority.answers.begin = { ...loginStep, uiLocales: ['it', 'de-AT'] }
    const page = await (await get('/authorize')).text()
    const action = /action="([^"]+)"/.exec(page)?.[1] ?? ''
    expect(action).toBe('/login?ui_locales=de')

    const next = { ...consentStep, uiLocales: ['it', 'de-AT'] }
    authority.answers.signIn = { step: 'signed-in', login: 'L', loginExpiresAt: 1_000_600, next }
    const led = await post(action, { interaction: 'i', username: 'ada', password: 'right' })
    expect(led.headers.get('location')).toBe(
      'https://auth.example.com/consent?interaction=jwi_consent&ui_locales=de',
    )

    authority.answers.signIn = refusal('authority/interaction')
    const refused = await post(action, { interaction: 'i', username: 'ada', password: 'right' })
    expect(await refused.text()).toContain(pageTexts.de.errors.startAgain.title)
    const foreign = await post(action, {}, { origin: 'https://evil.example' })
    expect(foreign.headers.get('content-language')).toBe('de')
  })

  test('leave the addresses alone when they name no language of ours', async () => {
    const { get, authority } = asking()
    authority.answers.begin = { ...loginStep, uiLocales: ['it'] }
    const page = await (await get('/authorize', { 'accept-language': 'fr' })).text()
    expect(page).toContain('<html lang="fr">')
    expect(page).toContain('action="/login"')
  })

  test('of a sign-out decide over its pages, by GET and by form (RP-Initiated Logout §2)', async () => {
    const { get, post, authority } = asking()
    authority.answers.logout = logoutStep
    const page = await get('/logout?ui_locales=fr')
    expect(page.headers.get('content-language')).toBe('fr')
    const action = /action="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    authority.answers.logout = { step: 'signed-out', location: undefined, ended: true }
    expect((await post(action, {})).headers.get('content-language')).toBe('fr')

    const posted = await post('/logout', { ui_locales: 'fr', client_id: 'notes' })
    expect(posted.headers.get('location')).toContain('ui_locales=fr')
  })
})

test('a sign-in of a real authority stays in the language of its request, past a refusal and a form posted to begin it', async () => {
  const made = await world()
  const person = browser(made.server, made.issuer)
  const request = new URLSearchParams({
    client_id: 'notes',
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid notes:read',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ui_locales: 'it fr-CA de',
  })
  const login = await person.open(`/authorize?${request}`)
  expect(login.headers.get('content-language')).toBe('fr')
  const refused = await person.submit(login, { username: 'ada', password: 'wrong' })
  expect(visibleText(await refused.clone().text())).toContain(pageTexts.fr.login.credentials)
  const led = await person.submit(refused, { username: 'ada', password: PASSWORD })
  const consent = await person.open((led.headers.get('location') ?? '').replace('&ui_locales=fr', ''))
  const text = visibleText(await consent.clone().text())
  expect(text).toContain(pageTexts.fr.consent.wants)
  expect(text).toContain(pageTexts.fr.scopes.openid)

  made.time.now += 1801
  const late = await person.submit(consent, { decision: 'allow' })
  expect(await late.text()).toContain(pageTexts.fr.errors.startAgain.title)

  const posted = await made.post('/authorize', Object.fromEntries(request))
  expect(posted.headers.get('content-language')).toBe('fr')
})

test('what goes to developers stays English and says so, and machines are answered as before', async () => {
  const { get, post, authority } = asking({ pages: { language: 'de' } })
  authority.answers.begin = refusal('oauth/invalid_request', 'Cannot authorize: it is not right')
  const page = await (await get('/authorize')).text()
  expect(page).toContain('<dt>Für die Entwicklung</dt><dd lang="en">invalid_request: Cannot authorize')
  authority.answers.token = refusal('oauth/invalid_grant', 'Cannot grant: it is over')
  const answer = await post('/token', {}, { 'accept-language': 'de' })
  expect(await answer.json()).toEqual({
    error: 'invalid_grant',
    error_description: 'Cannot grant: it is over',
  })
  expect(answer.headers.get('content-language')).toBeNull()
})

test('waits have the plural of the language', async () => {
  const waits = async (language: 'en' | 'de' | 'fr', retryAfter: number): Promise<string> => {
    const { post, authority } = asking({ pages: { language } })
    authority.answers.signIn = { ...loginStep, step: 'refused', reason: 'throttled', retryAfter }
    return visibleText(
      await (await post('/login', { interaction: 'i', username: 'a', password: 'b' })).text(),
    )
  }
  expect(await waits('de', 1)).toContain('Warten Sie bitte 1 Sekunde und')
  expect(await waits('de', 61)).toContain('Warten Sie bitte 2 Minuten und')
  expect(await waits('fr', 60)).toMatch(/attendre 1\s?minute, puis/)
  expect(await waits('fr', 45)).toMatch(/attendre 45\s?secondes, puis/)
  expect(await waits('en', 60)).toContain('Wait 1 minute and')
})

test('the metadata names the languages', async () => {
  const answer = await asking().get('/.well-known/openid-configuration')
  expect(await answer.json()).toMatchObject({ ui_locales_supported: ['en', 'de', 'fr'] })
})

describe('the scopes of a resource', () => {
  const scopeIn = async (
    language: 'en' | 'de' | 'fr',
    inLanguages?: Record<string, string>,
  ): Promise<string> => {
    const { get, authority } = asking({ pages: { language } })
    const description = Object.values(inLanguages ?? {})[0] ?? 'See your orders'
    const scope = { name: 'orders:read', description, ...(inLanguages === undefined ? {} : { inLanguages }) }
    authority.answers.begin = { ...consentStep, scopes: [scope] }
    return /<li>(.*) <code>/.exec(await (await get('/authorize')).text())?.[1] ?? ''
  }
  const both = { en: 'See <your> orders', de: 'Ihre Bestellungen sehen' }

  test('stand in the language of the page, or in their first, which is marked', async () => {
    expect(await scopeIn('de', both)).toBe('<span>Ihre Bestellungen sehen</span>')
    expect(await scopeIn('en', both)).toBe('<span>See &lt;your&gt; orders</span>')
    expect(await scopeIn('fr', both)).toBe('<span lang="en">See &lt;your&gt; orders</span>')
  })

  test('are not marked where nothing tells their language', async () => {
    expect(await scopeIn('fr')).toBe('<span>See your orders</span>')
  })
})
