import { Secret } from '@jotwarden/token'
import { beforeEach, describe, expect, test } from 'vitest'
import { browser, type TestBrowser } from './browser.ts'
import { refresh, signIn, type Tokens } from './tokens.ts'
import { PASSWORD, type World, world } from './world.ts'

for (const issuer of ['https://auth.example.com', 'https://auth.example.com/tenants/one']) {
  describe(`the page of one’s own sign-ins at ${issuer}`, () => {
    const { origin } = new URL(issuer)
    let made: World
    let desk: TestBrowser
    let phone: TestBrowser
    let deskTokens: Tokens
    let phoneTokens: Tokens
    beforeEach(async () => {
      made = await world(issuer)
      desk = browser(made.server, origin)
      phone = browser(made.server, origin)
      deskTokens = await signIn(made, desk)
      phoneTokens = await signIn(made, phone)
    })

    const shown = async (from: TestBrowser, query = ''): Promise<Page> => {
      const answer = await from.open(`${issuer}/sessions${query}`)
      const text = await answer.clone().text()
      return { answer, text, proof: /name="proof" value="([^"]+)"/.exec(text)?.[1] ?? '' }
    }
    const cookiesOf = (from: TestBrowser) => [...from.cookies].map((pair) => pair.join('=')).join('; ')
    const end = (from: TestBrowser, form: Record<string, string>, headers: Record<string, string> = {}) =>
      made.post('/sessions', form, { cookie: cookiesOf(from), origin, ...headers })
    const lives = async (tokens: Tokens) => (await refresh(made, tokens.refresh_token)).status === 200

    test('shows who is signed in, where, and every ending as a form of its own with a proof', async () => {
      const { answer, text } = await shown(desk)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('content-security-policy')).toContain(
        "form-action 'self'; frame-ancestors 'none'",
      )
      expect(answer.headers.get('x-frame-options')).toBe('DENY')
      expect(text).toContain('<bdi>Ada Lovelace</bdi>')
      expect(text.match(/Harbour &lt;Notes&gt;<\/bdi>/g)).toHaveLength(3)
      const forms = text.match(/<form/g) ?? []
      expect(forms).toHaveLength(7)
      expect(text.match(/name="proof" value="[^"]+"/g)).toHaveLength(forms.length)
      for (const action of text.match(/action="[^"]*"/g) ?? [])
        expect(action).toBe(`action="${new URL(issuer).pathname.replace(/\/$/, '')}/sessions"`)
      for (const secret of [deskTokens.refresh_token, ...desk.cookies.values(), ...phone.cookies.values()])
        expect(text).not.toContain(secret)
    })

    test('without a login leads to the sign-in, with it back here and nowhere else', async () => {
      const stranger = browser(made.server, origin)
      const away = await stranger.open(`${issuer}/sessions?returnTo=https://evil.example&notice=x`)
      expect(away.status).toBe(303)
      expect(away.headers.get('location')).toMatch(`${issuer}/login?interaction=`)
      const form = await stranger.open(away.headers.get('location') ?? '')
      expect(form.headers.get('content-security-policy')).toContain("form-action 'self';")
      const text = await form.clone().text()
      expect(text).toContain('<title>Sign in to see where you are signed in')
      expect(text).not.toContain('evil.example')
      const refused = await stranger.submit(form, { username: 'ada', password: 'wrong' })
      expect(refused.status).toBe(403)
      const entered = await stranger.submit(refused, { username: 'ada', password: PASSWORD })
      expect([entered.status, entered.headers.get('location')]).toEqual([303, `${issuer}/sessions`])
      expect((await shown(stranger)).text).toContain('This browser')
      // The same sealed sign-in, opened again, has nothing more to ask
      const again = await stranger.open(away.headers.get('location') ?? '')
      expect(again.headers.get('location')).toBe(`${issuer}/sessions`)
    })

    test('a sealed sign-in of another browser is worth nothing', async () => {
      const away = await browser(made.server, origin).open(`${issuer}/sessions`)
      const other = browser(made.server, origin)
      expect((await other.open(away.headers.get('location') ?? '')).status).toBe(400)
    })

    test('ends one app by 303, says so once, and the other browser is not asked', async () => {
      const { text, proof } = await shown(desk)
      const { sid } = claimsOf(phoneTokens)
      expect(text).toContain(`name="id" value="${sid}"`)
      for (let sent = 0; sent < 2; sent += 1) {
        const answer = await end(desk, { act: 'session', id: sid, proof })
        expect(answer.status).toBe(303)
        expect(answer.headers.get('location')).toMatch(`${issuer}/sessions?notice=`)
        const after = await desk.open(answer.headers.get('location') ?? '')
        expect(await after.text()).toContain('role="status"')
      }
      expect((await shown(desk)).text).not.toContain('role="status"')
      expect([await lives(phoneTokens), await lives(deskTokens)]).toEqual([false, true])
    })

    test('stays in the language that was asked for, also after an act and at the end', async () => {
      const { text, proof } = await shown(desk, '?ui_locales=de-AT')
      const action = /action="([^"]+)"/.exec(text)?.[1] ?? ''
      expect(action).toMatch(/\/sessions\?ui_locales=de$/)
      const path = action.slice(action.indexOf('/sessions'))
      const act = (form: Record<string, string>) => made.post(path, form, { cookie: cookiesOf(desk), origin })
      const id = /name="id" value="([^"]+)">\s*<button[^>]+value="session"/.exec(text)?.[1] ?? ''
      const done = (await act({ act: 'session', id, proof })).headers.get('location') ?? ''
      expect(done).toMatch(`${issuer}/sessions?ui_locales=de&notice=`)
      expect(await (await desk.open(done)).text()).toMatch(/<html lang="de"[\s\S]*role="status"/)
      const outdated = (await act({ act: 'session', id, proof: 'x' })).headers.get('location')
      expect(outdated).toBe(`${issuer}/sessions?ui_locales=de&outdated=1`)
      const over = (await act({ act: 'everything', proof })).headers.get('location')
      expect(over).toBe(`${issuer}/logout?ui_locales=de`)
    })

    test('a notice that somebody made up, or that is another person’s, says nothing', async () => {
      const { proof } = await shown(desk)
      const answer = await end(desk, { act: 'session', id: claimsOf(phoneTokens).sid, proof })
      const { search } = new URL(answer.headers.get('location') ?? '')
      expect((await shown(desk, search)).text).toContain('role="status"')
      expect((await shown(phone, search)).text).not.toContain('role="status"')
      expect((await shown(desk, '?notice=everything')).text).not.toContain('role="status"')
    })

    test('ends everything, takes the cookie back, and leads to the page that says signed out', async () => {
      const { proof } = await shown(desk)
      const answer = await end(desk, { act: 'everything', proof })
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toBe(`${issuer}/logout`)
      expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/-login=; Max-Age=0;/)])
      expect([await lives(phoneTokens), await lives(deskTokens)]).toEqual([false, false])
      for (const from of [desk, phone])
        expect((await from.open(`${issuer}/sessions`)).headers.get('location')).toContain(
          '/login?interaction=',
        )
      expect((await end(desk, { act: 'everything', proof })).headers.get('location')).toBe(`${issuer}/logout`)
    })

    test('ids of somebody else’s are answered like unknown ones, byte for byte but the seal', async () => {
      const eve = await signedInAs('eve', made, browser(made.server, origin), issuer)
      const { proof } = await shown(eve)
      const { sid, login } = claimsOf(deskTokens)
      const shapes = new Set<string>()
      for (const [act, id] of [
        ['session', sid],
        ['session', 'AAAAAAAAAAAAAAAAAAAAAA'],
        ['login', login],
        ['login', 'AAAAAAAAAAAAAAAAAAAAAA'],
        ['app', 'notes'],
        ['app', 'nobody'],
      ] as const) {
        const answer = await end(eve, { act, id, proof })
        const location = answer.headers.get('location') ?? ''
        const after = (await (await eve.open(location)).text()).replace(/value="jw[^"]*"/g, '')
        shapes.add(`${act} ${answer.status} ${location.replace(/notice=.*/, 'notice')} ${after}`)
      }
      expect(shapes.size).toBe(3)
      expect([await lives(deskTokens), await lives(phoneTokens)]).toEqual([true, true])
    })

    const crossSite: readonly Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    test('the form of another site is refused, even with the proof, and ends nothing', async () => {
      const { proof } = await shown(desk)
      for (const headers of crossSite) {
        const answer = await end(desk, { act: 'everything', proof }, headers)
        expect(answer.status).toBe(403)
        expect(answer.headers.getSetCookie()).toEqual([])
      }
      expect([await lives(deskTokens), await lives(phoneTokens)]).toEqual([true, true])
    })

    test('without the proof of this login nothing is ended, and the page says so', async () => {
      const others = (await shown(phone)).proof
      for (const form of [{}, { proof: 'x' }, { proof: others }]) {
        const answer = await end(desk, { act: 'everything', ...form })
        expect(answer.headers.get('location')).toBe(`${issuer}/sessions?outdated=1`)
      }
      expect((await shown(desk, '?outdated=1')).text).toContain('role="alert"')
      expect([await lives(deskTokens), await lives(phoneTokens)]).toEqual([true, true])
    })

    test('without a cookie, or with a planted second one, nothing is ended', async () => {
      const { proof } = await shown(desk)
      for (const cookie of ['', `${cookiesOf(desk)}; ${cookiesOf(phone)}`]) {
        const answer = await end(desk, { act: 'everything', proof }, { cookie })
        expect([answer.status, answer.headers.get('location')]).toEqual([303, `${issuer}/logout`])
      }
      expect([await lives(deskTokens), await lives(phoneTokens)]).toEqual([true, true])
    })

    test('what is no form of ours is refused and ends nothing', async () => {
      const { proof } = await shown(desk)
      const cookie = cookiesOf(desk)
      const FORM = { 'content-type': 'application/x-www-form-urlencoded', cookie, origin }
      const send = (body: string, headers: Record<string, string> = FORM) =>
        made.ask('/sessions', { method: 'POST', body, headers })
      const everything = `act=everything&proof=${proof}`
      const wrong = [
        [await send(`${everything}&act=others`), 400],
        [await send(`${everything}&proof=${proof}`), 400],
        [await send(`${everything}&pad=${'x'.repeat(65_536)}`), 413],
        [await send(everything, { ...FORM, 'content-type': 'text/plain' }), 400],
        [await send(`proof=${proof}`), 400],
        [await send(`act=session&proof=${proof}`), 400],
        [await send(`act=session&id=${'x'.repeat(256)}&proof=${proof}`), 400],
        [await send(`act=nothing&id=x&proof=${proof}`), 400],
        [await send('%'), 400],
        [await made.ask('/sessions', { method: 'DELETE', headers: FORM }), 405],
        [await made.ask('/sessions?older=x', { headers: FORM }), 400],
        [await made.ask('/sessions?older=a&older=b', { headers: FORM }), 400],
      ] as const
      for (const [answer, status] of wrong) expect(answer.status).toBe(status)
      expect([await lives(deskTokens), await lives(phoneTokens)]).toEqual([true, true])
    })

    test('HEAD and GET change nothing, whatever they ask', async () => {
      const { proof } = await shown(desk)
      for (const method of ['GET', 'HEAD']) {
        const query = new URLSearchParams({ act: 'everything', proof })
        await made.ask(`/sessions?${query}`, { method, headers: { cookie: cookiesOf(desk) } })
      }
      expect([await lives(deskTokens), await lives(phoneTokens)]).toEqual([true, true])
    })

    test('stands in no metadata, and the index leads there', async () => {
      const metadata = await (await made.ask('/.well-known/openid-configuration')).text()
      expect(metadata).not.toContain('/sessions')
      const index = await (await made.ask('/', { headers: { accept: 'text/html' } })).text()
      expect(index).toContain(`href="${new URL(issuer).pathname.replace(/\/$/, '')}/sessions"`)
    })
  })
}

test('an app’s name and a person’s, wherever they stand, are text', async () => {
  const hostile = '"><img src=x onerror=alert(1)>'
  const made = await world()
  await made.authority.clients.add({
    id: 'bad',
    name: hostile,
    type: 'public',
    redirectUris: ['https://bad.example/cb'],
  })
  await made.stores.consents.give(
    made.issuer,
    { subject: made.subject, client: 'bad', scopes: [hostile], givenAt: made.time.now },
    0,
    [],
  )
  await made.authority.sessions.start({ subject: made.subject, client: 'bad' })
  const desk = browser(made.server, made.issuer)
  await signIn(made, desk)
  const text = await (await desk.open('/sessions')).text()
  expect(text).not.toContain(hostile)
  expect(text.match(/<img/g)).toHaveLength(1)
  expect(text.match(/&quot;&gt;&lt;img/g)?.length).toBeGreaterThan(3)
})

test('works the same for the people of a host application', async () => {
  const grace = {
    subject: 'person-1',
    username: 'grace',
    name: null,
    email: null,
    emailVerified: false,
    disabled: false,
  }
  const made = await world('https://auth.example.com', {
    people: {
      verifyPassword: async (username, password) =>
        username === 'grace' && password.revealText() === 'of the host'
          ? { verdict: 'accepted', account: grace }
          : { verdict: 'refused' },
      find: async (subject) => (subject === grace.subject ? grace : undefined),
    },
  })
  const desk = browser(made.server, made.issuer)
  const away = await desk.open('/sessions')
  const form = await desk.open(away.headers.get('location') ?? '')
  await desk.submit(form, { username: 'grace', password: 'of the host' })
  const started = await made.authority.sessions.start({ subject: grace.subject, client: 'notes' })
  const page = await desk.open('/sessions')
  expect(await page.clone().text()).toContain('<bdi>grace</bdi>')
  await desk.submit(page, { act: 'everything' })
  expect((await refresh(made, started.refresh_token ?? '')).status).toBe(400)
  expect((await desk.open('/sessions')).status).toBe(303)
})

interface Page {
  readonly answer: Response
  readonly text: string
  readonly proof: string
}

async function signedInAs(
  username: string,
  made: World,
  from: TestBrowser,
  issuer: string,
): Promise<TestBrowser> {
  await made.accounts.add({ username, password: Secret.fromText(PASSWORD) })
  const away = await from.open(`${issuer}/sessions`)
  const form = await from.open(away.headers.get('location') ?? '')
  await from.submit(form, { username, password: PASSWORD })
  return from
}

function claimsOf({ access_token }: Tokens): { readonly sid: string; readonly login: string } {
  return JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString())
}
