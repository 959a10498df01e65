import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { consentStep, loginStep, redirectStep, refusal } from './fake-authority.ts'

const good = { interaction: 'jwi_login', username: 'ada', password: 'correct horse' }
const page = {
  interaction: 'jwi_again',
  binding: 'BINDING',
  client: { id: 'notes', name: 'Harbour Notes' },
  redirectUri: 'https://notes.example.org/cb',
  uiLocales: [],
}

describe('POST /login', () => {
  test('sets the login cookie until the login ends and leaves with 303', async () => {
    const { post, authority } = asking()
    const answer = await post('/login', good)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(redirectStep.location)
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-Http-jw-[0-9a-f]{8}-login=LOGIN; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      ),
    ])
    const [asked] = authority.signIns
    expect(asked?.interaction).toBe('jwi_login')
    expect(asked?.username).toBe('ada')
    expect(asked?.password.revealText()).toBe('correct horse')
  })

  test('leads to the consent page by 303, with both cookies', async () => {
    const { post, authority } = asking()
    authority.answers.signIn = {
      step: 'signed-in',
      login: 'LOGIN',
      loginExpiresAt: 1_000_600,
      next: consentStep,
    }
    const answer = await post('/login', good)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('https://auth.example.com/consent?interaction=jwi_consent')
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/-login=LOGIN; Max-Age=600;/),
      expect.stringMatching(/-binding=BINDING; Path=/),
    ])
  })

  test('shows the next page at once when its interaction is too long for a query', async () => {
    const { post, authority } = asking()
    const next = { ...consentStep, interaction: 'x'.repeat(9000) }
    authority.answers.signIn = { step: 'signed-in', login: 'LOGIN', loginExpiresAt: 1_000_600, next }
    const answer = await post('/login', good)
    expect(answer.status).toBe(200)
    expect(answer.headers.getSetCookie()).toHaveLength(2)
    expect(await answer.text()).toContain('value="allow"')
  })

  test('shows a refusal again with 403, an alert, the username, and never the password', async () => {
    const { post, authority } = asking()
    authority.answers.signIn = { step: 'refused', reason: 'credentials', loginHint: 'ada', ...page }
    const answer = await post('/login', { ...good, username: 'ada"<' })
    expect(answer.status).toBe(403)
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(answer.headers.get('content-security-policy')).toContain(
      "form-action 'self' https://notes.example.org;",
    )
    const text = await answer.text()
    expect(text).toContain('role="alert"')
    expect(text).toContain('aria-describedby="problem"')
    expect(text).toContain('<title>Problem: ')
    expect(text).toContain('value="ada&quot;&lt;"')
    expect(text).toContain('value="jwi_again"')
    expect(text).not.toContain('correct horse')
  })

  test('says when too many are signing in, with 503 and Retry-After', async () => {
    const { post, authority } = asking()
    authority.answers.signIn = { step: 'refused', reason: 'busy', loginHint: undefined, ...page }
    const answer = await post('/login', good)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    const text = await answer.text()
    expect(text).toContain('Too many people')
    expect(text).not.toContain('aria-invalid')
  })

  for (const [retryAfter, wait] of [
    [1, '1 second'],
    [45, '45 seconds'],
    [60, '1 minute'],
    [241, '5 minutes'],
  ] as const) {
    test(`says that too many have failed and to wait ${wait}, with 429 and Retry-After`, async () => {
      const { post, authority } = asking()
      const refused = { step: 'refused', reason: 'throttled', retryAfter, loginHint: 'ada' } as const
      authority.answers.signIn = { ...refused, ...page }
      const answer = await post('/login', good)
      expect(answer.status).toBe(429)
      expect(answer.headers.get('retry-after')).toBe(String(retryAfter))
      const text = await answer.text()
      expect(text).toContain(`Your password was not checked. Wait ${wait} and try again.`)
      expect(text).toContain('role="alert"')
      expect(text).not.toContain('aria-invalid')
    })
  }

  for (const missing of ['username', 'password'] as const) {
    test(`asks again with 400 when the ${missing} is missing or empty`, async () => {
      for (const form of [
        { ...good, [missing]: '' },
        Object.fromEntries(Object.entries(good).filter(([name]) => name !== missing)),
      ]) {
        const { post, authority } = asking()
        const answer = await post('/login', form)
        expect(answer.status).toBe(400)
        const text = await answer.text()
        expect(text).toContain('Enter both your username and your password')
        expect(text).not.toContain('correct horse')
        expect(authority.signIns).toEqual([])
      }
    })
  }

  test('tells who may not be signed in after all by a page with 403 that does not say why', async () => {
    const { post, authority } = asking()
    const texts = new Set<string>()
    for (const why of ['the account is unknown or disabled', 'the subject is the id of a client']) {
      authority.answers.signIn = refusal('authority/subject', `Cannot sign in: ${why}`)
      const answer = await post('/login', good)
      expect(answer.status).toBe(403)
      expect(answer.headers.getSetCookie()).toEqual([])
      const text = await answer.text()
      expect(text).toContain('Your account may have changed')
      expect(text).not.toContain(why)
      texts.add(text.replace(answer.headers.get('x-request-id') ?? 'no id', ''))
    }
    expect(texts.size).toBe(1)
  })

  test('tells a machine of that as invalid_request', async () => {
    const { post, authority } = asking()
    authority.answers.token = refusal('authority/subject')
    const answer = await post('/token', { grant_type: 'x' })
    expect([answer.status, (await answer.json()).error]).toEqual([403, 'invalid_request'])
  })

  test('says that the sign-in has expired when the interaction is missing, forged or from another browser', async () => {
    const { post, get, authority } = asking()
    authority.answers.signIn = refusal('authority/interaction')
    authority.answers.resume = refusal('authority/interaction')
    const answers = [
      await post('/login', good),
      await post('/login', { username: 'ada', password: 'x' }),
      await post('/login', { interaction: 'forged' }),
      await get('/login'),
      await get('/login?interaction=forged'),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(400)
      expect(await answer.text()).toContain('<h1>This sign-in has expired</h1>')
    }
  })

  test('refuses a repeated username', async () => {
    const { post, authority } = asking()
    expect((await post('/login', 'interaction=i&username=a&username=b&password=c')).status).toBe(400)
    expect(authority.signIns).toEqual([])
  })

  test('GET shows whatever the interaction has come to', async () => {
    const { get, authority } = asking()
    expect((await get('/login?interaction=jwi_1')).status).toBe(200)
    expect(authority.resumed[0]?.interaction).toBe('jwi_1')
    authority.answers.resume = redirectStep
    expect((await get('/login?interaction=jwi_1')).status).toBe(303)
  })
})

describe('POST /consent', () => {
  for (const decision of ['allow', 'deny']) {
    test(`takes ${decision} and leaves with 303`, async () => {
      const { post, authority } = asking()
      const answer = await post('/consent', { interaction: 'jwi_consent', decision })
      expect(answer.status).toBe(303)
      expect(authority.consents[0]).toMatchObject({ interaction: 'jwi_consent', decision })
    })
  }

  for (const form of [
    'interaction=i',
    'interaction=i&decision=',
    'interaction=i&decision=ALLOW',
    'interaction=i&decision=allow&decision=deny',
    'decision=allow',
  ]) {
    test(`refuses ${form}`, async () => {
      const { post, authority } = asking()
      expect((await post('/consent', form)).status).toBe(400)
      expect(authority.consents).toEqual([])
    })
  }

  test('leads back to the sign-in page when someone else has signed in since', async () => {
    const { post, authority } = asking()
    authority.answers.consent = loginStep
    const answer = await post('/consent', { interaction: 'jwi_consent', decision: 'allow' })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('https://auth.example.com/login?interaction=jwi_login')
  })
})

describe('forms of the pages', () => {
  const senders: readonly (readonly [name: string, headers: Record<string, string>, taken: boolean])[] = [
    ['our own origin', { origin: 'https://auth.example.com', 'sec-fetch-site': 'same-origin' }, true],
    ['no word of the browser', {}, true],
    ['what the person did by hand', { 'sec-fetch-site': 'none' }, true],
    ['the origin null', { origin: 'null' }, false],
    ['another origin', { origin: 'https://evil.example' }, false],
    ['our host on another port', { origin: 'https://auth.example.com:8443' }, false],
    ['our host over plain http', { origin: 'http://auth.example.com' }, false],
    ['a sibling host', { 'sec-fetch-site': 'same-site' }, false],
    ['another site', { 'sec-fetch-site': 'cross-site' }, false],
    [
      'another site that names our origin',
      { origin: 'https://auth.example.com', 'sec-fetch-site': 'cross-site' },
      false,
    ],
    [
      'another origin that says same-origin',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      false,
    ],
    ['nonsense', { 'sec-fetch-site': 'SAME-ORIGIN' }, false],
  ]
  for (const [name, headers, taken] of senders) {
    test(`from ${name} are ${taken ? 'taken' : 'refused with 403'}`, async () => {
      const { post, authority } = asking()
      const login = await post('/login', good, headers)
      const consent = await post('/consent', { interaction: 'i', decision: 'allow' }, headers)
      expect([login.status, consent.status]).toEqual(taken ? [303, 303] : [403, 403])
      expect(authority.signIns).toHaveLength(taken ? 1 : 0)
      expect(authority.consents).toHaveLength(taken ? 1 : 0)
    })
  }
})
