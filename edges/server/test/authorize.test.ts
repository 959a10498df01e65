import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { consentStep, loginStep, redirectStep, refusal } from './fake-authority.ts'

describe('/authorize', () => {
  test('shows the sign-in page and ties the interaction to the browser', async () => {
    const { get, authority } = asking()
    const answer = await get('/authorize?client_id=notes&scope=openid+profile')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-Http-jw-[0-9a-f]{8}-binding=BINDING; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      ),
    ])
    expect(authority.begun[0]?.form.one('scope')).toBe('openid profile')
    const text = await answer.text()
    expect(text).toContain('<form method="post" action="/login"')
    expect(text).toContain('name="interaction" value="jwi_login"')
    expect(text).toContain('Harbour Notes')
    expect(text).toContain('notes.example.org')
  })

  test('fills the username in with the hint', async () => {
    const { get, authority } = asking()
    authority.answers.begin = { ...loginStep, loginHint: 'ada"><b>' }
    const text = await (await get('/authorize?client_id=notes')).text()
    expect(text).toContain('value="ada&quot;&gt;&lt;b&gt;"')
  })

  test('shows the consent page', async () => {
    const { get, authority } = asking()
    authority.answers.begin = consentStep
    const answer = await get('/authorize?client_id=notes')
    expect(answer.status).toBe(200)
    const text = await answer.text()
    for (const part of [
      'Harbour Notes',
      'Ada Lovelace',
      'Know who you are',
      'notes.example.org',
      'value="allow"',
      'value="deny"',
    ]) {
      expect(text).toContain(part)
    }
  })

  test('leaves for the client with 303 (RFC 9700 §4.12)', async () => {
    const { get, authority } = asking()
    authority.answers.begin = redirectStep
    const answer = await get('/authorize?client_id=notes')
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(redirectStep.location)
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.text()).toBe('')
  })

  test('takes a POST (OpenID Connect Core §3.1.2.1)', async () => {
    const { post, authority } = asking()
    expect((await post('/authorize', { client_id: 'notes' })).status).toBe(200)
    expect(authority.begun[0]?.form.one('client_id')).toBe('notes')
  })

  test('never rejects: a location that no header can carry is answered 500', async () => {
    const { get, authority } = asking()
    authority.answers.begin = { step: 'redirect', location: 'https://notes.example.org/\n\u2028' }
    expect((await get('/authorize?client_id=notes')).status).toBe(500)
  })

  test('turns a POST from another site into a GET, which comes with our cookies', async () => {
    const { post, authority } = asking({ issuer: 'https://auth.example.com/t' })
    const answer = await post('/t/authorize', 'client_id=notes&state=a%26b#x', {
      'sec-fetch-site': 'cross-site',
    })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(
      'https://auth.example.com/t/authorize?client_id=notes&state=a%26b%23x',
    )
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(authority.begun).toEqual([])
  })

  test('answers a POST from another site at once when it is too long for a query', async () => {
    const { post, authority } = asking()
    const answer = await post(
      '/authorize',
      { client_id: 'notes', state: 'x'.repeat(9000) },
      { 'sec-fetch-site': 'cross-site' },
    )
    expect(answer.status).toBe(200)
    expect(authority.begun).toHaveLength(1)
  })

  const refusals = [
    ['authority/client-unknown', 'This app is not known here'],
    ['authority/redirect-uri', 'This app asked for an unknown address'],
    ['oauth/invalid_request', 'This request cannot be answered'],
    ['oauth/invalid_client', 'This request cannot be answered'],
    ['authority/interaction', 'This sign-in has expired'],
  ] as const
  for (const [code, title] of refusals) {
    test(`shows ${code} to the person with 400 and never redirects`, async () => {
      const { get, authority } = asking()
      authority.answers.begin = refusal(code)
      const answer = await get('/authorize?client_id=notes&redirect_uri=https%3A%2F%2Fevil.example')
      expect(answer.status).toBe(400)
      expect(answer.headers.get('location')).toBeNull()
      expect(answer.headers.get('www-authenticate')).toBeNull()
      const text = await answer.text()
      expect(text).toContain(`<h1>${title}</h1>`)
      expect(text).not.toContain('evil.example')
    })
  }

  test('shows a repeated parameter as an error, before the authority is asked (RFC 6749 §3.1)', async () => {
    const { get, authority } = asking()
    expect((await get('/authorize?client_id=a&client_id=b')).status).toBe(400)
    expect(authority.begun).toEqual([])
  })

  test('shows an error page with a reference when something breaks', async () => {
    const { get, authority } = asking()
    authority.answers.begin = new Error('password authentication failed for user')
    const answer = await get('/authorize?client_id=notes')
    expect(answer.status).toBe(500)
    const text = await answer.text()
    expect(text).toContain(answer.headers.get('x-request-id'))
    expect(text).not.toContain('password authentication')
  })
})

describe('form-action', () => {
  const cases: readonly (readonly [redirectUri: string, target: string])[] = [
    ['https://notes.example.org/cb', "'self' https://notes.example.org"],
    ['https://notes.example.org:8443/cb', "'self' https://notes.example.org:8443"],
    ['http://127.0.0.1:4711/cb', "'self' http://127.0.0.1:4711"],
    ['http://[::1]:4711/cb', "'self' http:"],
    ['com.example.notes:/cb', "'self' com.example.notes:"],
    ["https://a;script-src'unsafe-inline'.example/cb", "'self'"],
    ['not a URI', "'self'"],
  ]
  for (const [redirectUri, target] of cases) {
    test(`lets a form lead to ${redirectUri} as ${target}`, async () => {
      const { get, authority } = asking()
      authority.answers.begin = { ...loginStep, redirectUri }
      const policy = (await get('/authorize?client_id=notes')).headers.get('content-security-policy') ?? ''
      const directive = policy.split('; ').find((part) => part.startsWith('form-action '))
      expect(directive).toBe(`form-action ${target}`)
      expect(policy.split('; ')).toHaveLength(6)
    })
  }
})
