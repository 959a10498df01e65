import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { browser, type TestBrowser } from './browser.ts'
import { CALLBACK, PASSWORD, VERIFIER, type World, world } from './world.ts'

const GOOD = { username: 'ada', password: PASSWORD }

function authorizeUrl({ issuer }: World, changes: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: 'notes',
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    state: 'the-state',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  })
  return `${issuer}/authorize?${query}`
}

/** Signs in and allows; where the browser is sent. */
async function signInAndAllow(made: World, person: TestBrowser): Promise<URL> {
  const afterLogin = await person.submit(await person.open(authorizeUrl(made)), GOOD)
  expect(afterLogin.status).toBe(303)
  const consent = await person.open(afterLogin.headers.get('location') ?? '')
  expect(consent.status).toBe(200)
  const left = await person.submit(consent, { decision: 'allow' })
  expect(left.status).toBe(303)
  return new URL(left.headers.get('location') ?? '')
}

function post(
  { server, issuer }: World,
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const body = new URLSearchParams(form).toString()
  const all = { 'content-type': 'application/x-www-form-urlencoded', ...headers }
  return server.fetch(new Request(issuer + path, { method: 'POST', body, headers: all }), { encrypted: true })
}

for (const issuer of ['https://auth.example.com', 'https://auth.example.com/tenants/one']) {
  const { origin } = new URL(issuer)

  describe(`a sign-in at ${issuer}`, () => {
    test('goes from the app through both pages to tokens, userinfo and a refresh', async () => {
      const made = await world(issuer)
      const person = browser(made.server, origin)
      const back = await signInAndAllow(made, person)
      expect(back.origin + back.pathname).toBe(CALLBACK)
      expect(back.searchParams.get('state')).toBe('the-state')
      expect(back.searchParams.get('iss')).toBe(issuer)

      const code = back.searchParams.get('code') ?? ''
      const redeemed = await post(made, '/token', {
        grant_type: 'authorization_code',
        client_id: 'notes',
        code,
        redirect_uri: CALLBACK,
        code_verifier: VERIFIER,
      })
      expect(redeemed.status).toBe(200)
      const tokens = await redeemed.json()
      expect(tokens).toMatchObject({
        token_type: 'Bearer',
        refresh_token: expect.stringMatching(/^jwr_/),
        id_token: expect.any(String),
      })

      const headers = { authorization: `Bearer ${tokens.access_token}` }
      const userinfo = await made.server.fetch(new Request(`${issuer}/userinfo`, { headers }), {
        encrypted: true,
      })
      expect(await userinfo.json()).toEqual({
        sub: made.subject,
        preferred_username: 'ada',
        name: 'Ada Lovelace',
        email: 'ada@example.org',
        email_verified: false,
      })

      const refreshed = await post(made, '/token', {
        grant_type: 'refresh_token',
        client_id: 'notes',
        refresh_token: tokens.refresh_token,
      })
      expect(refreshed.status).toBe(200)

      const replayed = await post(made, '/token', {
        grant_type: 'authorization_code',
        client_id: 'notes',
        code,
        redirect_uri: CALLBACK,
        code_verifier: VERIFIER,
      })
      expect(replayed.status).toBe(400)
      expect((await replayed.json()).error).toBe('invalid_grant')
    })

    test('is remembered: the second time leads straight back', async () => {
      const made = await world(issuer)
      const person = browser(made.server, origin)
      await signInAndAllow(made, person)
      const again = await person.open(authorizeUrl(made, { prompt: 'none' }))
      expect(again.status).toBe(303)
      expect(new URL(again.headers.get('location') ?? '').searchParams.get('code')).toMatch(
        /^[A-Za-z0-9_-]{43}$/,
      )
    })

    test('without a cookie and with prompt=none goes back with login_required and iss (RFC 9207 §2)', async () => {
      const made = await world(issuer)
      const answer = await browser(made.server, origin).open(authorizeUrl(made, { prompt: 'none' }))
      const back = new URL(answer.headers.get('location') ?? '')
      expect(back.searchParams.get('error')).toBe('login_required')
      expect(back.searchParams.get('iss')).toBe(issuer)
    })

    test('refused at consent goes back with access_denied', async () => {
      const made = await world(issuer)
      const person = browser(made.server, origin)
      const afterLogin = await person.submit(await person.open(authorizeUrl(made)), GOOD)
      const left = await person.submit(await person.open(afterLogin.headers.get('location') ?? ''), {
        decision: 'deny',
      })
      expect(left.status).toBe(303)
      expect(new URL(left.headers.get('location') ?? '').searchParams.get('error')).toBe('access_denied')
    })

    test('with a wrong password can be tried again on the page that says so', async () => {
      const made = await world(issuer)
      const person = browser(made.server, origin)
      const refused = await person.submit(await person.open(authorizeUrl(made)), {
        username: 'ada',
        password: 'wrong',
      })
      expect(refused.status).toBe(403)
      const taken = await person.submit(refused, GOOD)
      expect(taken.status).toBe(303)
    })

    test('sent twice, as by a second click, ends well both times', async () => {
      const made = await world(issuer)
      const person = browser(made.server, origin)
      const page = await person.open(authorizeUrl(made))
      const statuses = [await person.submit(page.clone(), GOOD), await person.submit(page, GOOD)].map(
        ({ status }) => status,
      )
      expect(statuses).toEqual([303, 303])
    })

    test('in two tabs at once ends well in both', async () => {
      const made = await world(issuer)
      const person = browser(made.server, origin)
      const [one, two] = [
        await person.open(authorizeUrl(made)),
        await person.open(authorizeUrl(made, { state: 'two' })),
      ]
      expect((await person.submit(one, GOOD)).status).toBe(303)
      expect((await person.submit(two, GOOD)).status).toBe(303)
    })

    test('continued in another browser, or too late, says to start again at the app', async () => {
      const made = await world(issuer)
      const person = browser(made.server, origin)
      const stranger = browser(made.server, origin)
      const page = await person.open(authorizeUrl(made))
      const answers = [await stranger.submit(page.clone(), GOOD)]
      made.time.now += 3600
      answers.push(await person.submit(page, GOOD))
      for (const answer of answers) {
        expect(answer.status).toBe(400)
        expect(answer.headers.getSetCookie()).toEqual([])
        expect(await answer.text()).toContain('<h1>This sign-in has expired</h1>')
      }
    })

    test('for an unknown app, or to an unknown address, goes nowhere', async () => {
      const made = await world(issuer)
      const person = browser(made.server, origin)
      const changes: Record<string, string>[] = [
        { client_id: 'nobody' },
        { redirect_uri: 'https://evil.example/cb' },
      ]
      for (const changed of changes) {
        const answer = await person.open(authorizeUrl(made, changed))
        expect(answer.status).toBe(400)
        expect(answer.headers.get('location')).toBeNull()
      }
    })

    test('shows the name of the app as text', async () => {
      const made = await world(issuer)
      const text = await (await browser(made.server, origin).open(authorizeUrl(made))).text()
      expect(text).toContain('Harbour &lt;Notes&gt;')
      expect(text).not.toContain('<Notes>')
    })
  })
}

describe('the token endpoint over a true authority', () => {
  test('knows a confidential client by Basic, and answers a wrong secret with a challenge', async () => {
    const made = await world()
    const basic = (secret: string): Record<string, string> => ({
      authorization: `Basic ${Buffer.from(`shop:${secret}`).toString('base64')}`,
    })
    const wrong = await post(made, '/token', { grant_type: 'authorization_code', code: 'x' }, basic('wrong'))
    expect(wrong.status).toBe(401)
    expect(wrong.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
    const right = await post(
      made,
      '/token',
      { grant_type: 'authorization_code', code: 'x'.repeat(43), code_verifier: VERIFIER },
      basic(made.secret),
    )
    expect((await right.json()).error).toBe('invalid_grant')
  })

  test('publishes keys without private members', async () => {
    const { server, issuer } = await world()
    const { keys } = await (
      await server.fetch(new Request(`${issuer}/jwks.json`), { encrypted: true })
    ).json()
    expect(keys.length).toBeGreaterThanOrEqual(1)
    for (const key of keys)
      for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) expect(name in key).toBe(false)
  })

  test('answers a forged bearer token with 401 invalid_token', async () => {
    const { server, issuer } = await world()
    const headers = { authorization: 'Bearer e30.e30.e30' }
    const answer = await server.fetch(new Request(`${issuer}/userinfo`, { headers }), { encrypted: true })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
  })

  test('/readyz asks the stores', async () => {
    const { server, issuer } = await world()
    expect((await server.fetch(new Request(`${issuer}/readyz`))).status).toBe(200)
  })
})
