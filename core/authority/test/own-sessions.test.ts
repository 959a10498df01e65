import type { OwnEnding, OwnSessionsView, TokenResponse } from '@jotwarden/authority'
import { Secret } from '@jotwarden/token'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  authorizationForm,
  authorize,
  browser,
  ISSUER,
  outcome,
  PASSWORD,
  redeem,
  refresh,
  VERIFIER,
  type World,
  world,
} from './world.ts'

/** A public client on the web, so that consent is remembered. */
const PAGE = { client_id: 'page', redirect_uri: 'https://page.example/cb' }
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'

type TestBrowser = ReturnType<typeof browser> & { userAgent?: string }

let made: World
let desk: TestBrowser
let phone: TestBrowser
let deskTokens: TokenResponse
let phoneTokens: TokenResponse

beforeEach(async () => {
  made = await world()
  desk = { ...browser(), userAgent: FIREFOX }
  phone = { ...browser(), userAgent: IPHONE }
  deskTokens = await tokensIn(desk)
  made.time.now += 100
  phoneTokens = await tokensIn(phone)
  made.time.now += 100
})

async function tokensIn(
  from: TestBrowser,
  changes: Readonly<Record<string, string>> = PAGE,
): Promise<TokenResponse> {
  const code = (await authorize(made, changes, from)).get('code')
  return redeem(made, code ?? '', { ...changes, code_verifier: VERIFIER })
}

/** Signs somebody else in to the authority's own page. */
async function signedInAs(username: string): Promise<TestBrowser> {
  await made.accounts.add({ username, password: Secret.fromText(PASSWORD) })
  const from: TestBrowser = browser()
  await enterOwnPage(from, username)
  return from
}

async function enterOwnPage(from: TestBrowser, username: string): Promise<string> {
  const begun = await made.authority.authorization.beginOwnPage(from)
  if (begun.step !== 'login') return begun.step
  from.binding = begun.binding
  const request = { interaction: begun.interaction, username, password: Secret.fromText(PASSWORD) }
  const step = await made.authority.authorization.signIn(request, from)
  if (step.step !== 'signed-in') return step.step
  from.login = step.login
  return step.next.step
}

async function viewIn(from: TestBrowser, page: object = {}): Promise<OwnSessionsView> {
  const view = await made.authority.ownSessions.view(page, from)
  if (view === undefined) throw new Error('the browser is not signed in')
  return view
}

async function end(from: TestBrowser, ending: OwnEnding, proof?: string): Promise<string> {
  const given = proof ?? (await viewIn(from)).proof
  return (await made.authority.ownSessions.end(ending, given, from)).outcome
}

/** `accepted`, or the code with which a refresh and userinfo refuse. */
async function fate(tokens: TokenResponse, client = 'page'): Promise<readonly string[]> {
  return [
    await outcome(refresh(made, tokens.refresh_token ?? '', { client_id: client })),
    await outcome(made.authority.userinfo(tokens.access_token)),
  ]
}

const LIVES = ['accepted', 'accepted']
const OVER = ['oauth/invalid_grant', 'oauth/invalid_token']

function claims(token: string): { readonly sid: string; readonly login: string } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}

async function causes(): Promise<readonly string[]> {
  const events = await made.stores.events.list(ISSUER, { after: 0, limit: 1000 })
  return events.flatMap(({ type, cause }) => (cause === 'person' ? [type] : []))
}

describe('view()', () => {
  test('shows each sign-in with its apps, newest first, says which is this browser, and nothing secret', async () => {
    const view = await viewIn(desk)
    expect(view.account).toEqual({ username: 'ada', name: 'Ada' })
    const [first, second] = view.signIns
    expect(view.signIns).toHaveLength(2)
    expect(first).toMatchObject({
      id: claims(phoneTokens.access_token).login,
      device: { browser: 'safari', platform: 'ios' },
      browser: 'other',
      at: 1_800_000_100,
      opensUntil: 1_800_028_900,
    })
    expect(second).toMatchObject({
      device: { browser: 'firefox', platform: 'linux' },
      browser: 'this',
      sessions: [
        {
          id: claims(deskTokens.access_token).sid,
          client: { id: 'page', name: 'Page' },
          startedAt: 1_800_000_000,
          usedAt: 1_800_000_000,
          endsAt: 1_800_604_800,
        },
      ],
    })
    expect(view.apps).toEqual([
      {
        client: { id: 'page', name: 'Page' },
        scopes: [
          { name: 'openid', description: expect.any(String) },
          { name: 'profile', description: expect.any(String) },
          { name: 'orders:read', description: 'See your orders' },
        ],
        givenAt: 1_800_000_000,
      },
    ])
    for (const secret of [desk.login, phone.login, deskTokens.refresh_token, '192.0.2'])
      expect(JSON.stringify(view)).not.toContain(secret)
  })

  test('of what a browser says of itself keeps the words of two closed lists', async () => {
    const odd = { ...browser(), userAgent: `${'x'.repeat(600)} Firefox/1 <script>` }
    await tokensIn(odd)
    const hashed = await made.stores.logins.ofSubject(
      ISSUER,
      made.subject,
      { before: null, limit: 9 },
      made.time.now,
    )
    expect(hashed.map(({ device }) => device)).toEqual([null, 'safari/ios', 'firefox/linux'])
  })

  test('shows the last use of a session, and no session that is over', async () => {
    made.time.now += 5000
    await refresh(made, phoneTokens.refresh_token ?? '', { client_id: 'page' })
    made.time.now += 50
    const [first] = (await viewIn(desk)).signIns
    expect(first?.sessions[0]?.usedAt).toBe(made.time.now - 50)
    await made.authority.sessions.end({ session: claims(phoneTokens.access_token).sid })
    expect((await viewIn(desk)).signIns[0]?.sessions).toEqual([])
  })

  test('shows what goes on after its login is over or gone, and what never had one', async () => {
    made.time.now += 28_800
    await made.stores.prune(ISSUER, made.time.now, 100)
    const later: TestBrowser = { ...browser(), userAgent: FIREFOX }
    expect(await enterOwnPage(later, 'ada')).toBe('own-page')
    await made.authority.sessions.start({ subject: made.subject, client: 'page' })
    const { signIns } = await viewIn(later)
    expect(
      signIns.map(({ device, opensUntil, sessions, at }) => [
        device.platform,
        opensUntil === null,
        at,
        sessions.length,
      ]),
    ).toEqual([
      ['linux', false, made.time.now, 0],
      ['ios', true, 1_800_000_100, 1],
      ['linux', true, 1_800_000_000, 1],
      [null, true, null, 1],
    ])
    expect(signIns.at(-1)?.id).toBeNull()
  })

  test('a sign-in again in the same browser is told from other browsers', async () => {
    await authorize(made, { ...PAGE, prompt: 'login' }, desk)
    const { signIns } = await viewIn(desk)
    expect(signIns.map(({ browser, opensUntil }) => [browser, opensUntil === null])).toEqual([
      ['this', false],
      ['other', false],
      ['this-before', true],
    ])
    expect(await end(desk, { act: 'login', id: signIns[0]?.id ?? '' })).toBe('signed-out')
    expect([await fate(deskTokens), await fate(phoneTokens)]).toEqual([OVER, LIVES])
  })

  test('leaves out what a mark on the app, or on everything, has ended', async () => {
    await made.authority.sessions.end({ client: 'page' })
    expect((await viewIn(desk)).signIns.map(({ sessions }) => sessions.length)).toEqual([0, 0])
    await made.authority.revocation.revokeEverything()
    expect(await made.authority.ownSessions.view({}, desk)).toBeUndefined()
  })

  test('goes through a thousand sessions in pages that are bounded, each once and in order', async () => {
    for (let index = 0; index < 1000; index += 1) {
      made.time.now += 1
      await made.authority.sessions.start({ subject: made.subject, client: 'page' })
    }
    const seen: string[] = []
    let older: string | undefined
    let pages = 0
    do {
      const view = await viewIn(desk, { older })
      const ids = view.signIns.flatMap(({ sessions }) => sessions.map(({ id }) => id))
      expect(ids.length).toBeLessThanOrEqual(25)
      seen.push(...ids)
      older = view.older
      pages += 1
    } while (older !== undefined)
    expect(new Set(seen).size).toBe(1002)
    expect(seen).toHaveLength(1002)
    expect(pages).toBe(41)
  })

  test.each([
    ['nonsense', 'AAAA'],
    ['another shape', Buffer.from('[1,2]').toString('base64url')],
    ['too long', 'A'.repeat(600)],
    ['no numbers', Buffer.from('["a","b","c","d"]').toString('base64url')],
  ])('refuses a place that is %s', async (_, older) => {
    expect(await outcome(made.authority.ownSessions.view({ older }, desk))).toBe('oauth/invalid_request')
  })

  test('is nothing for a browser that is not signed in', async () => {
    expect(await made.authority.ownSessions.view({}, browser())).toBeUndefined()
  })
})

describe('end()', () => {
  test('of one session ends it alone, in one act of revocation, and twice is as once', async () => {
    const ending = { act: 'session', id: claims(phoneTokens.access_token).sid } as const
    expect([await end(desk, ending), await end(desk, ending)]).toEqual(['ended', 'ended'])
    expect([await fate(phoneTokens), await fate(deskTokens)]).toEqual([OVER, LIVES])
    expect(await causes()).toEqual(['session-ended'])
    const { marks } = await made.stores.revocation.read(ISSUER, { after: 0, limit: 9 })
    expect(marks.map(({ kind, id }) => [kind, id])).toEqual([['session', ending.id]])
    // The browser itself stays signed in
    expect((await viewIn(phone)).signIns).toHaveLength(2)
  })

  test('of one login ends it with its sessions, and no other', async () => {
    const ending = { act: 'login', id: claims(phoneTokens.access_token).login } as const
    expect([await end(desk, ending), await end(desk, ending)]).toEqual(['ended', 'ended'])
    expect([await fate(phoneTokens), await fate(deskTokens)]).toEqual([OVER, LIVES])
    expect(await causes()).toEqual(['login-ended', 'session-ended'])
    expect(await made.authority.ownSessions.view({}, phone)).toBeUndefined()
  })

  test('of a login whose row is gone ends the sessions that outlived it', async () => {
    made.time.now += 28_800
    await made.stores.prune(ISSUER, made.time.now, 100)
    const later: TestBrowser = browser()
    await enterOwnPage(later, 'ada')
    await end(later, { act: 'login', id: claims(phoneTokens.access_token).login })
    expect((await fate(phoneTokens))[0]).toBe('oauth/invalid_grant')
    expect((await fate(deskTokens))[0]).toBe('accepted')
  })

  test('of all others leaves this browser and what was granted in it before', async () => {
    await authorize(made, { ...PAGE, prompt: 'login' }, desk)
    const inCode = await made.authority.sessions.start({ subject: made.subject, client: 'page' })
    expect(await end(desk, { act: 'others' })).toBe('ended')
    expect([await fate(phoneTokens), await fate(deskTokens)]).toEqual([OVER, LIVES])
    expect((await fate(inCode))[0]).toBe('oauth/invalid_grant')
    expect((await viewIn(desk)).signIns.map(({ browser }) => browser)).toEqual(['this', 'this-before'])
  })

  test('of everything refuses whatever was issued until now, here too', async () => {
    expect(await end(desk, { act: 'everything' })).toBe('signed-out')
    expect([await fate(phoneTokens), await fate(deskTokens)]).toEqual([OVER, OVER])
    expect(await causes()).toEqual(['session-ended', 'session-ended', 'subject-revoked'])
    expect(await made.authority.ownSessions.view({}, desk)).toBeUndefined()
  })

  test('of an app forgets the consent and ends its sessions in every browser, no other app’s', async () => {
    const other = await tokensIn(phone, {})
    expect([
      await end(desk, { act: 'app', id: 'page' }),
      await end(desk, { act: 'app', id: 'page' }),
    ]).toEqual(['ended', 'ended'])
    expect([await fate(phoneTokens), await fate(deskTokens), await fate(other, 'app')]).toEqual([
      OVER,
      OVER,
      LIVES,
    ])
    expect(await causes()).toEqual(['consent-withdrawn', 'session-ended', 'session-ended'])
    expect((await made.authority.authorization.begin(authorizationForm(PAGE), desk)).step).toBe('consent')
  })

  test('of what is somebody else’s is answered like what is unknown, and changes nothing', async () => {
    const eve = await signedInAs('eve')
    const { sid, login } = claims(deskTokens.access_token)
    const before = await made.stores.events.last(ISSUER)
    for (const id of [sid, login, 'AAAAAAAAAAAAAAAAAAAAAA', 'nobody'])
      for (const act of ['session', 'login', 'app'] as const)
        expect(await end(eve, { act, id })).toBe('ended')
    expect(await end(eve, { act: 'app', id: 'page' })).toBe('ended')
    expect(await end(eve, { act: 'others' })).toBe('ended')
    expect(await made.stores.events.last(ISSUER)).toBe(before)
    expect((await made.stores.revocation.head(ISSUER)).number).toBe(0)
    expect([await fate(phoneTokens), await fate(deskTokens)]).toEqual([LIVES, LIVES])
    expect(await made.stores.consents.find(ISSUER, made.subject, 'page')).toBeDefined()
  })

  test('without the proof of this login does nothing', async () => {
    const eve = await signedInAs('eve')
    const eves = (await viewIn(eve)).proof
    const phones = (await viewIn(phone)).proof
    for (const proof of ['', 'jws_nonsense', eves, phones, `${(await viewIn(desk)).proof}A`]) {
      const ended = await made.authority.ownSessions.end({ act: 'everything' }, proof, desk)
      expect(ended).toEqual({ outcome: 'outdated' })
    }
    expect(await made.authority.ownSessions.end({ act: 'everything' }, undefined, desk)).toEqual({
      outcome: 'outdated',
    })
    expect([await fate(phoneTokens), await fate(deskTokens)]).toEqual([LIVES, LIVES])
  })

  test('in a browser that is not signed in says so and does nothing', async () => {
    const { proof } = await viewIn(desk)
    expect(await end(browser(), { act: 'everything' }, proof)).toBe('signed-out')
    expect(await fate(deskTokens)).toEqual(LIVES)
  })

  test('of all others by two browsers at once leaves one of them at most, and each ended row is told once', async () => {
    const tablet: TestBrowser = browser()
    const tabletTokens = await tokensIn(tablet)
    const proofs = [(await viewIn(desk)).proof, (await viewIn(phone)).proof]
    await Promise.all([desk, phone].map((from, index) => end(from, { act: 'others' }, proofs[index])))
    expect(await fate(tabletTokens)).toEqual(OVER)
    const left = await made.stores.sessions.list(ISSUER, { subject: made.subject }, made.time.now)
    expect(left.length).toBeLessThanOrEqual(1)
    const told = (await causes()).filter((type) => type === 'session-ended')
    expect(told.length).toBe(3 - left.length)
  })

  test('of one login sent twice at once is told once', async () => {
    const { proof } = await viewIn(desk)
    const ending = { act: 'login', id: claims(phoneTokens.access_token).login } as const
    expect(await Promise.all([end(desk, ending, proof), end(desk, ending, proof)])).toEqual([
      'ended',
      'ended',
    ])
    expect(await causes()).toEqual(['login-ended', 'session-ended'])
  })
})

describe('the notice of an ending', () => {
  async function noticeOf(ending: OwnEnding): Promise<string> {
    const ended = await made.authority.ownSessions.end(ending, (await viewIn(desk)).proof, desk)
    return ended.outcome === 'ended' ? ended.notice : ''
  }

  test('is for the login that did it, and for some minutes', async () => {
    const notice = await noticeOf({ act: 'session', id: claims(phoneTokens.access_token).sid })
    expect((await viewIn(desk, { notice })).done).toBe('session')
    expect((await viewIn(phone, { notice })).done).toBeUndefined()
    expect((await viewIn(desk, { notice: 'made-up' })).done).toBeUndefined()
    expect((await viewIn(desk, { notice: (await viewIn(desk)).proof })).done).toBeUndefined()
    made.time.now += 301
    expect((await viewIn(desk, { notice })).done).toBeUndefined()
  })
})

describe('a sign-in that leads to the authority’s own page', () => {
  test('names no app, leads nowhere else, and needs no form once signed in', async () => {
    const from: TestBrowser = browser()
    const begun = await made.authority.authorization.beginOwnPage(from)
    expect(begun).toMatchObject({ step: 'login', client: null, redirectUri: null })
    expect(await enterOwnPage(from, 'ada')).toBe('own-page')
    expect(await enterOwnPage(from, 'ada')).toBe('own-page')
    const events = await made.stores.events.list(ISSUER, { after: 0, limit: 1000 })
    const told = events.filter(({ type }) => type === 'login-succeeded').at(-1)
    expect(told).toMatchObject({ subject: made.subject })
    expect(told?.client).toBeUndefined()
  })

  test('cannot be answered as a consent, and takes a host’s own sign-in page', async () => {
    const begun = await made.authority.authorization.beginOwnPage(desk)
    expect(begun.step).toBe('own-page')
    const from: TestBrowser = browser()
    const step = await made.authority.authorization.beginOwnPage(from)
    if (step.step !== 'login') throw new Error(step.step)
    from.binding = step.binding
    const { interaction } = step
    expect(
      await outcome(made.authority.authorization.consent({ interaction, decision: 'allow' }, from)),
    ).toBe('authority/interaction')
    const entered = await made.authority.authorization.signInAs(
      { interaction, subject: made.subject, amr: ['hwk'] },
      from,
    )
    expect(entered).toMatchObject({ step: 'signed-in', next: { step: 'own-page' } })
  })

  test('a refused password asks again, still for no app, and is counted', async () => {
    const from: TestBrowser = browser()
    const step = await made.authority.authorization.beginOwnPage(from)
    if (step.step !== 'login') throw new Error(step.step)
    from.binding = step.binding
    const refused = await made.authority.authorization.signIn(
      { interaction: step.interaction, username: 'ada', password: Secret.fromText('wrong') },
      from,
    )
    expect(refused).toMatchObject({ step: 'refused', reason: 'credentials', client: null, redirectUri: null })
    const events = await made.stores.events.list(ISSUER, { after: 0, limit: 1000 })
    expect(events.at(-1)).toMatchObject({ type: 'login-refused', subject: made.subject })
  })
})
