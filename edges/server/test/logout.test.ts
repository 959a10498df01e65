import { beforeEach, describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { browser, type TestBrowser } from './browser.ts'
import { logoutStep } from './fake-authority.ts'
import { refresh, signIn, type Tokens } from './tokens.ts'
import { CALLBACK, FAREWELL, type World, world } from './world.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

for (const issuer of ['https://auth.example.com', 'https://auth.example.com/tenants/one']) {
  describe(`logout at ${issuer}`, () => {
    const { origin } = new URL(issuer)
    let made: World
    let person: TestBrowser
    let tokens: Tokens
    beforeEach(async () => {
      made = await world(issuer)
      person = browser(made.server, origin)
      tokens = await signIn(made, person)
    })

    const logout = (parameters: Record<string, string> = {}): Promise<Response> =>
      person.open(`${issuer}/logout?${new URLSearchParams(parameters)}`)
    /** Whether the browser still is signed in, and the app's session still stands. */
    const stands = async (): Promise<boolean> => {
      const query = new URLSearchParams({
        client_id: 'notes',
        redirect_uri: CALLBACK,
        response_type: 'code',
        scope: 'openid',
        prompt: 'none',
        code_challenge: 'A'.repeat(43),
        code_challenge_method: 'S256',
      })
      const answer = await person.open(`${issuer}/authorize?${query}`)
      const isSignedIn = new URL(answer.headers.get('location') ?? '').searchParams.has('code')
      const isRefreshed = (await refresh(made, tokens.refresh_token)).status === 200
      expect(isSignedIn).toBe(isRefreshed)
      return isSignedIn
    }

    test('with an ID token of this login ends it at once and goes back with state', async () => {
      const answer = await logout({
        id_token_hint: tokens.id_token,
        post_logout_redirect_uri: FAREWELL,
        state: 'a b&c',
      })
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toBe(`${FAREWELL}&state=a+b%26c`)
      const [cookie = ''] = answer.headers.getSetCookie()
      expect(cookie).toMatch(
        /^__Host-Http-jw-[0-9a-f]{8}-login=; Max-Age=0; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      )
      expect(await stands()).toBe(false)
    })

    test('the login is over for who kept the cookie', async () => {
      const kept = new Map(person.cookies)
      await logout({ id_token_hint: tokens.id_token })
      for (const [name, value] of kept) person.cookies.set(name, value)
      expect(await stands()).toBe(false)
    })

    test('with nowhere to go back to says that it is done', async () => {
      const answer = await logout({ id_token_hint: tokens.id_token })
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('<h1>You are signed out</h1>')
      expect(await stands()).toBe(false)
    })

    test('without a hint asks first, ends nothing until then, and goes back afterwards', async () => {
      const page = await logout({ client_id: 'notes', post_logout_redirect_uri: FAREWELL, state: 's' })
      expect(page.status).toBe(200)
      expect(page.headers.getSetCookie()).toEqual([])
      // Chromium holds form-action against the redirect after the form too
      expect(page.headers.get('content-security-policy')).toContain(
        "form-action 'self' https://notes.example.org;",
      )
      const text = await page.clone().text()
      expect(text).toContain('<h1>Sign out?</h1>')
      expect(text).toContain('<bdi>Harbour &lt;Notes&gt;</bdi></strong> asks to sign you out.')
      expect(text).toContain('<bdi>notes.example.org</bdi>')
      expect(await stands()).toBe(true)

      const left = await person.submit(page, {})
      expect(left.status).toBe(303)
      expect(left.headers.get('location')).toBe(`${FAREWELL}&state=s`)
      expect([...person.cookies.keys()].filter((name) => name.endsWith('-login'))).toEqual([])
      expect((await refresh(made, tokens.refresh_token)).status).toBe(400)
    })

    test('without any parameter asks too, naming no app', async () => {
      const page = await logout()
      const text = await page.clone().text()
      expect(text).toContain('<h1>Sign out?</h1>')
      expect(text).not.toContain('asks to sign you out')
      expect(await (await person.submit(page, {})).text()).toContain('<h1>You are signed out</h1>')
      expect((await refresh(made, tokens.refresh_token)).status).toBe(400)
    })

    test('with the ID token of another login asks', async () => {
      const other = await signIn(made, browser(made.server, origin))
      const page = await logout({ id_token_hint: other.id_token })
      expect(await page.text()).toContain('<h1>Sign out?</h1>')
      expect(await stands()).toBe(true)
    })

    test('to an address that is not registered, character by character, is an error and ends nothing', async () => {
      for (const post_logout_redirect_uri of [
        'https://evil.example/',
        `${FAREWELL}&x`,
        FAREWELL.toUpperCase(),
      ]) {
        const answer = await logout({ id_token_hint: tokens.id_token, post_logout_redirect_uri })
        expect(answer.status).toBe(400)
        expect(answer.headers.get('location')).toBeNull()
        expect(answer.headers.getSetCookie()).toEqual([])
      }
      expect(await stands()).toBe(true)
    })

    test('the yes of another site is refused and ends nothing', async () => {
      const cookie = [...person.cookies].map((pair) => pair.join('=')).join('; ')
      const refused: Record<string, string>[] = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ]
      for (const headers of refused) {
        const answer = await made.post('/logout/confirm', {}, { cookie, ...headers })
        expect(answer.status).toBe(403)
        expect(answer.headers.getSetCookie()).toEqual([])
      }
      expect(await stands()).toBe(true)
    })

    test('the yes is checked again: an address that was changed on the page is an error', async () => {
      const page = await logout({ client_id: 'notes', post_logout_redirect_uri: FAREWELL })
      const answer = await person.submit(page, { post_logout_redirect_uri: 'https://evil.example/' })
      expect(answer.status).toBe(400)
      expect(await stands()).toBe(true)
    })

    test('by who is not signed in says that it is done, and takes no cookie back', async () => {
      const answer = await browser(made.server, origin).open(`${issuer}/logout`)
      expect(answer.status).toBe(200)
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(await answer.text()).toContain('<h1>You are signed out</h1>')
    })
  })
}

describe('POST /logout', () => {
  test('that comes without a login cookie, as from another site, leads to the GET, which has it', async () => {
    const { send, authority } = asking()
    const body = 'id_token_hint=a.b.c&state=%C3%A9#x'
    const headers = { ...FORM, origin: 'https://app.example.org', 'sec-fetch-site': 'cross-site' }
    const answer = await send('POST', '/logout', { body, headers })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(
      'https://auth.example.com/logout?id_token_hint=a.b.c&state=%C3%A9%23x',
    )
    expect(authority.logouts).toEqual([])
  })

  test('that is too long for that is refused, since it would say signed out to who is not', async () => {
    const { post, authority } = asking()
    expect((await post('/logout', `state=${'x'.repeat(8187)}`)).status).toBe(413)
    expect((await post('/logout', `state=${'x'.repeat(8186)}`)).status).toBe(303)
    expect(authority.logouts).toEqual([])
  })

  test('with a login cookie is taken as it is, so that the ID token stays out of addresses', async () => {
    const made = await world()
    const person = browser(made.server, made.issuer)
    const { id_token } = await signIn(made, person)
    const cookie = [...person.cookies].map((pair) => pair.join('=')).join('; ')
    const answer = await made.post('/logout', { id_token_hint: id_token }, { cookie })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('<h1>You are signed out</h1>')
  })

  test('that no form is, is refused', async () => {
    const answer = await asking().post('/logout', 'a=b', { 'content-type': 'text/plain' })
    expect(answer.status).toBe(400)
  })
})

describe('the page that asks whether to sign out', () => {
  test('has one form, that goes to our own server with everything it was given', async () => {
    const { get, authority } = asking()
    authority.answers.logout = logoutStep
    const text = await (await get('/logout?client_id=notes')).text()
    expect(text.match(/<form/g)).toHaveLength(1)
    expect(text).toContain('<form method="post" action="/logout/confirm">')
    const { fields } = logoutStep.step === 'confirm' ? logoutStep : { fields: {} }
    for (const [name, value] of Object.entries(fields))
      expect(text).toContain(`<input type="hidden" name="${name}" value="${value}">`)
    expect(text.match(/<input/g)).toHaveLength(3)
    expect(text).toContain('just close this page')
  })
})
