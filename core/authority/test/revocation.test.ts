import type { Recorder, RotationOutcome, Stores, TokenResponse } from '@jotwarden/authority'
import { decodeUnverified, generateKeyPair, importSignKey, Secret, signerOf, signJwt } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import {
  API,
  authorizationForm,
  authorize,
  basic,
  browser,
  form,
  ISSUER,
  joinedBy,
  outcome,
  PASSWORD,
  redeem,
  refresh,
  signedIn,
  type World,
  world,
} from './world.ts'

describe('rev, the head before the authentication, is inherited', () => {
  test('by login, code, session, and every access token derived from them', async () => {
    const made = await world()
    await markSomebody(made, 3)
    const first = await signedIn(made)
    await markSomebody(made, 2)
    const second = await refresh(made, first.refresh_token)
    expect([claimsOf(first).rev, claimsOf(second).rev]).toEqual([3, 3])
    const session = await made.stores.sessions.find(ISSUER, String(claimsOf(first).sid))
    expect([session?.rev, claimsOf(first).login]).toEqual([3, session?.login])
    expect((await made.stores.logins.get(ISSUER, session?.login ?? ''))?.rev).toBe(3)
  })

  test('a client that acts in its own name has the head of its request', async () => {
    const made = await world()
    await markSomebody(made, 4)
    expect(claimsOf(await clientCredentials(made)).rev).toBe(4)
  })

  test('a session started in code has the head of its start', async () => {
    const made = await world()
    await markSomebody(made, 2)
    const started = await made.authority.sessions.start({ subject: 'person-1', client: 'app' })
    expect(claimsOf(started).rev).toBe(2)
  })
})

describe('schedules', () => {
  test('refresh against revocation: one that is decided after the end gets nothing, one before is marked with it', async () => {
    const made = await world()
    const tokens = await signedIn(made)
    const { sub } = claimsOf(tokens)
    const { late, release } = heldRotation(made.stores)
    const refreshing = outcome(refresh(made, tokens.refresh_token))
    await late
    await made.authority.sessions.end({ subject: String(sub) })
    release()
    expect(await refreshing).toBe('oauth/invalid_grant')

    const again = await signedIn(made)
    const renewed = await refresh(made, again.refresh_token)
    expect(await refusedAs(made, renewed)).toBe(null)
    await made.authority.sessions.end({ subject: String(sub) })
    expect(await refusedAs(made, renewed)).toBe('subject')
  })

  test('code exchange against a password change: the code that was issued before it is worth nothing', async () => {
    const made = await world()
    const code = (await authorize(made)).get('code') ?? ''
    await made.accounts.changePassword('ada', Secret.fromText('a wholly new password'))
    expect(await outcome(redeem(made, code))).toBe('oauth/invalid_grant')
  })

  test('a code exchange that was checked before a password change and commits after it gets nothing', async () => {
    const made = await world()
    const code = (await authorize(made)).get('code') ?? ''
    const { codes } = made.stores
    const redeemNow = codes.redeem.bind(codes)
    Object.assign(codes, {
      redeem: async (...given: Parameters<typeof redeemNow>) => {
        await made.accounts.changePassword('ada', Secret.fromText('a wholly new password'))
        return redeemNow(...given)
      },
    })
    expect(await outcome(redeem(made, code))).toBe('oauth/invalid_grant')
    expect(await made.authority.sessions.list({ subject: made.subject })).toEqual([])
  })

  test('pending consent against a password change: the answer leads to the sign-in page, and no code is issued', async () => {
    const made = await world()
    const visitor = browser()
    const { authorization } = made.authority
    const begun = await authorization.begin(authorizationForm(), visitor)
    if (begun.step !== 'login') throw new Error('no login page')
    visitor.binding = begun.binding
    const request = { interaction: begun.interaction, username: 'ada', password: Secret.fromText(PASSWORD) }
    const signed = await authorization.signIn(request, visitor)
    if (signed.step !== 'signed-in' || signed.next.step !== 'consent') throw new Error('no consent page')
    visitor.login = signed.login
    await made.accounts.changePassword('ada', Secret.fromText('a wholly new password'))
    const { interaction } = signed.next
    expect((await authorization.consent({ interaction, decision: 'allow' }, visitor)).step).toBe('login')
  })

  test('a person who was revoked while the password was checked is not signed in', async () => {
    const made = await world()
    const visitor = browser()
    const begun = await made.authority.authorization.begin(authorizationForm(), visitor)
    if (begun.step !== 'login') throw new Error('no login page')
    visitor.binding = begun.binding
    const { records } = { records: made.stores.accounts }
    const findByUsername = records.findByUsername.bind(records)
    Object.assign(records, {
      async findByUsername(...given: Parameters<typeof findByUsername>) {
        const asItWas = await findByUsername(...given)
        Object.assign(records, { findByUsername })
        // Not by a change of the account, which would be noticed by itself
        await made.authority.sessions.end({ subject: made.subject })
        return asItWas
      },
    })
    const request = { interaction: begun.interaction, username: 'ada', password: Secret.fromText(PASSWORD) }
    expect(await outcome(made.authority.authorization.signIn(request, visitor))).toBe('authority/subject')
  })

  test('a host that proved a person before the person was revoked has to begin again', async () => {
    const made = await world()
    const { authorization, sessions } = made.authority
    const begin = async () => {
      const visitor = browser()
      const begun = await authorization.begin(authorizationForm(), visitor)
      if (begun.step !== 'login') throw new Error('no login page')
      visitor.binding = begun.binding
      return { interaction: begun.interaction, visitor }
    }
    const before = await begin()
    await sessions.end({ subject: made.subject })
    const after = await begin()
    const enter = ({ interaction, visitor }: typeof before) =>
      outcome(authorization.signInAs({ interaction, subject: made.subject, amr: ['hwk'] }, visitor))
    expect([await enter(before), await enter(after)]).toEqual(['authority/subject', 'accepted'])
  })

  test('in one second: the thief’s token from before a revocation is refused, a sign-in after it is accepted', async () => {
    const made = await world()
    const stolen = await signedIn(made)
    await made.authority.sessions.end({ subject: made.subject })
    const fresh = await signedIn(made)
    expect([claimsOf(stolen).iat, claimsOf(fresh).iat]).toEqual([made.time.now, made.time.now])
    expect(await outcome(refresh(made, stolen.refresh_token))).toBe('oauth/invalid_grant')
    expect([await refusedAs(made, stolen), await refusedAs(made, fresh)]).toEqual(['subject', null])
    expect(await outcome(made.authority.userinfo(stolen.access_token))).toBe('oauth/invalid_token')
    expect(await outcome(made.authority.userinfo(fresh.access_token))).toBe('accepted')
  })

  test('an exp is announced before the head is read: no mark after the head is forgotten before the token', async () => {
    const made = await world()
    const { revocation } = made.stores
    const cover = revocation.cover.bind(revocation)
    made.time.now += 3600
    Object.assign(revocation, {
      async cover(...given: Parameters<typeof cover>) {
        await made.authority.sessions.end({ client: 'service' })
        return cover(...given)
      },
    })
    const issued = await clientCredentials(made)
    const { rev, exp } = claimsOf(issued)
    const { marks } = await revocation.read(ISSUER, { after: Number(rev), limit: 10 })
    for (const { expiresAt } of marks) expect(expiresAt).toBeGreaterThanOrEqual(Number(exp))
    expect(Number(rev)).toBe(1)
  })

  test('a session in code has the head from before its subject and client were looked at', async () => {
    const made = await world()
    const { clients } = made.stores
    const find = clients.find.bind(clients)
    Object.assign(clients, {
      async find(...given: Parameters<typeof find>) {
        const known = await find(...given)
        if (given[1] === 'person-1') await made.authority.sessions.end({ subject: 'person-1' })
        return known
      },
    })
    const started = made.authority.sessions.start({ subject: 'person-1', client: 'app' })
    expect(await outcome(started)).toBe('authority/subject')
  })

  test('a client’s token is kept from by a mark that commits while it is being issued, for all its life', async () => {
    const made = await world()
    const { clients } = made.stores
    const find = clients.find.bind(clients)
    Object.assign(clients, {
      async find(...given: Parameters<typeof find>) {
        const known = await find(...given)
        await made.authority.sessions.end({ client: 'service' })
        return known
      },
    })
    const issued = await clientCredentials(made)
    expect(await refusedAs(made, issued)).toBe('client')
    const { marks } = await made.stores.revocation.read(ISSUER, { after: 0, limit: 10 })
    expect(Math.min(...marks.map(({ expiresAt }) => expiresAt))).toBeGreaterThanOrEqual(
      Number(claimsOf(issued).exp),
    )
  })
})

describe('two nodes whose clocks differ by 20 seconds', () => {
  test.each([20, -20])(
    'a mark made by a node %i s ahead outlives every token of the other',
    async (ahead) => {
      const one = await world()
      const tokens = await signedIn(one)
      const two = await joinedBy(one)
      two.time.now = one.time.now + ahead
      await two.authority.sessions.end({ subject: one.subject })
      const { exp } = claimsOf(tokens)
      const { marks } = await one.stores.revocation.read(ISSUER, { after: 0, limit: 10 })
      expect(marks[0]?.expiresAt).toBeGreaterThanOrEqual(Number(exp))
      expect([await refusedAs(one, tokens), await refusedAs(two, tokens)]).toEqual(['subject', 'subject'])
      const fresh = await signedIn(one)
      expect(await refusedAs(two, fresh)).toBe(null)
      expect(await outcome(refresh(two, fresh.refresh_token))).toBe('accepted')
    },
  )
})

describe('the defects of the practice guides’ pseudo-code', () => {
  test('an unknown refresh token revokes nobody: neither everybody nor the one it was guessed for', async () => {
    const made = await world()
    const tokens = await signedIn(made)
    const forged = tokens.refresh_token.slice(0, -1) + (tokens.refresh_token.endsWith('A') ? 'B' : 'A')
    const guesses = ['jwr_', forged, 'undefined', 'null', 'eyJhbGciOiJub25lIn0.e30.', '0']
    for (const token of guesses) {
      await made.authority.revocation.revoke(request({ token, client_id: 'app' }))
      expect(await outcome(refresh(made, token))).toBe('oauth/invalid_grant')
    }
    expect((await made.stores.revocation.head(ISSUER)).number).toBe(0)
    expect(await outcome(refresh(made, tokens.refresh_token))).toBe('accepted')
  })

  test.each([
    {},
    { subject: '' },
    { subject: undefined },
    { session: null },
    { subject: 'a', client: 'b' },
    { everybody: 'yes' },
    undefined,
  ])('a selector that names nobody ends nothing: %j', async (selector) => {
    const made = await world()
    await signedIn(made)
    expect(await outcome(made.authority.sessions.end(selector as never))).toBe('authority/selector')
    expect((await made.stores.revocation.head(ISSUER)).number).toBe(0)
    expect(await made.authority.sessions.list({ subject: made.subject })).toHaveLength(1)
  })

  test('marking is atomic: of 50 parallel refreshes and a revocation among them none survives it', async () => {
    const made = await world()
    const { refresh_token } = await signedIn(made)
    const before = await refresh(made, refresh_token)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, caller) =>
        caller === 25
          ? made.authority.revocation.revoke(request({ token: refresh_token, client_id: 'app' }))
          : refresh(made, refresh_token).catch(() => undefined),
      ),
    )
    const after = answers.filter((answer): answer is TokenResponse => answer !== undefined)
    const tokens = [before, ...after]
    const refused = await Promise.all(tokens.map((one) => refusedAs(made, one)))
    expect([...new Set(refused)]).toEqual(['session'])
    expect(new Set(tokens.map((one) => one.refresh_token)).size).toBe(1)
  })

  test('reuse ends the session and marks it in the act that notices', async () => {
    const made = await world()
    const first = await signedIn(made)
    const second = await refresh(made, first.refresh_token)
    made.time.now += 11
    expect(await outcome(refresh(made, first.refresh_token))).toBe('oauth/invalid_grant')
    expect(await refusedAs(made, second)).toBe('session')
    const { marks } = await made.stores.revocation.read(ISSUER, { after: 0, limit: 10 })
    expect(marks.map(({ kind, id }) => [kind, id])).toEqual([['session', claimsOf(first).sid]])
  })
})

describe('every way in leaves a mark and an event with its cause', () => {
  const ways: readonly [string, string, string, (made: World, tokens: TokenResponse) => Promise<unknown>][] =
    [
      [
        'a new password',
        'subject',
        'password-changed',
        ({ accounts }) => accounts.changePassword('ada', Secret.fromText('a wholly new password')),
      ],
      ['a disabled account', 'subject', 'account-disabled', ({ accounts }) => accounts.disable('ada')],
      ['a removed account', 'subject', 'account-removed', ({ accounts }) => accounts.remove('ada')],
      ['a removed client', 'client', 'client-removed', ({ authority }) => authority.clients.remove('app')],
      [
        'an administrator, by subject',
        'subject',
        'administrator',
        ({ authority, subject }) => authority.sessions.end({ subject }),
      ],
      [
        'an administrator, by client',
        'client',
        'administrator',
        ({ authority }) => authority.sessions.end({ client: 'app' }),
      ],
      [
        'an administrator, by session',
        'session',
        'administrator',
        ({ authority }, tokens) => authority.sessions.end({ session: String(claimsOf(tokens).sid) }),
      ],
      [
        'an administrator, by login',
        'login',
        'administrator',
        ({ authority }, tokens) => authority.sessions.end({ login: String(claimsOf(tokens).login) }),
      ],
      [
        'an administrator, everybody',
        'issuer',
        'administrator',
        ({ authority }) => authority.revocation.revokeEverything(),
      ],
      [
        'a refresh token handed in',
        'session',
        'revoked',
        ({ authority }, tokens) =>
          authority.revocation.revoke(request({ token: tokens.refresh_token, client_id: 'app' })),
      ],
      [
        'an access token handed in',
        'token',
        'revoked',
        ({ authority }, tokens) =>
          authority.revocation.revoke(request({ token: tokens.access_token, client_id: 'app' })),
      ],
      [
        'an access token read in a log',
        'token',
        'administrator',
        ({ authority }, tokens) => authority.revocation.revokeTokenId(String(claimsOf(tokens).jti)),
      ],
      [
        'a compromised key',
        'key',
        'compromised',
        ({ authority }, tokens) =>
          authority.keyring.compromise(decodeUnverified(tokens.access_token).header.kid ?? ''),
      ],
    ]
  test.each(ways)('%s: %s, %s', async (_, kind, cause, act) => {
    const made = await world()
    const tokens = await signedIn(made)
    expect(await refusedAs(made, tokens)).toBe(null)
    await act(made, tokens)
    expect(await refusedAs(made, tokens)).toBe(kind)
    const events = await made.stores.events.list(ISSUER, { after: 0, limit: 100 })
    expect(events.map((event) => event.cause)).toContain(cause)
    expect(await outcome(made.authority.userinfo(tokens.access_token))).toBe('oauth/invalid_token')
  })

  test('a removed client that comes back under its old id gets tokens that pass', async () => {
    const made = await world()
    await made.authority.clients.remove('service')
    const { secret } = await made.authority.clients.add({
      id: 'service',
      name: 'Again',
      type: 'confidential',
      scopes: ['orders:read'],
    })
    const issued = await clientCredentials({
      ...made,
      service: { id: 'service', secret: secret?.revealText() ?? '' },
    })
    expect(await refusedAs(made, issued)).toBe(null)
  })

  test('a session that is ended again, or unknown, leaves nothing', async () => {
    const made = await world()
    const tokens = await signedIn(made)
    const session = String(claimsOf(tokens).sid)
    expect(await made.authority.sessions.end({ session })).toBe(1)
    expect(await made.authority.sessions.end({ session })).toBe(0)
    expect(await made.authority.sessions.end({ session: 'nobody' })).toBe(0)
    expect((await made.stores.revocation.head(ISSUER)).number).toBe(1)
  })

  test('sessions that everybody lost are listed no more', async () => {
    const made = await world()
    await signedIn(made)
    await made.authority.revocation.revokeEverything()
    expect(await made.authority.sessions.list({ subject: made.subject })).toEqual([])
  })
})

describe('revoke() (RFC 7009)', () => {
  test('takes a refresh token of any authentic generation', async () => {
    const made = await world()
    const first = await signedIn(made)
    made.time.now += 20
    const second = await refresh(made, first.refresh_token)
    await made.authority.revocation.revoke(request({ token: first.refresh_token, client_id: 'app' }))
    expect(await outcome(refresh(made, second.refresh_token ?? ''))).toBe('oauth/invalid_grant')
    expect(await refusedAs(made, second)).toBe('session')
  })

  test('another client’s token is refused, and nothing changes', async () => {
    const made = await world()
    const tokens = await signedIn(made)
    for (const token of [tokens.refresh_token, tokens.access_token])
      expect(await outcome(made.authority.revocation.revoke(request({ token, client_id: 'page' })))).toBe(
        'oauth/invalid_grant',
      )
    expect((await made.stores.revocation.head(ISSUER)).number).toBe(0)
    expect(await outcome(refresh(made, tokens.refresh_token))).toBe('accepted')
  })

  test('a client that does not prove itself revokes nothing', async () => {
    const made = await world()
    const { access_token: token } = await clientCredentials(made)
    expect(await outcome(made.authority.revocation.revoke(request({ token, client_id: 'service' })))).toBe(
      'oauth/invalid_client',
    )
    expect(await outcome(made.authority.revocation.revoke(request({ token, client_id: 'nobody' })))).toBe(
      'oauth/invalid_client',
    )
    expect((await made.stores.revocation.head(ISSUER)).number).toBe(0)
  })

  test('an ID token is no token to revoke; a missing one is no request', async () => {
    const made = await world()
    const { id_token } = await signedIn(made)
    const { revoke } = made.authority.revocation
    expect(await outcome(revoke(request({ token: id_token, client_id: 'app' })))).toBe(
      'oauth/unsupported_token_type',
    )
    expect(await outcome(revoke(request({ client_id: 'app' })))).toBe('oauth/invalid_request')
  })

  test('expired, forged and repeated ones are answered like the rest, and leave nothing more', async () => {
    const made = await world()
    const tokens = await signedIn(made)
    const { revoke } = made.authority.revocation
    const foreign = signerOf(importSignKey(generateKeyPair('ES256').privateJwk))
    const forged = await signJwt({ typ: 'at+jwt', claims: { ...claimsOf(tokens) } }, foreign)
    await revoke(request({ token: forged, client_id: 'app' }))
    expect((await made.stores.revocation.head(ISSUER)).number).toBe(0)
    for (let count = 0; count < 3; count += 1)
      await revoke(request({ token: tokens.access_token, client_id: 'app' }))
    expect((await made.stores.revocation.head(ISSUER)).number).toBe(1)
    const other = await signedIn(made)
    made.time.now += 661
    await revoke(request({ token: other.access_token, client_id: 'app' }))
    expect((await made.stores.revocation.head(ISSUER)).number).toBe(1)
  })

  test('a client that mints and revokes in a loop gets one mark on itself in place of many', async () => {
    const made = await world({ settings: { revocationQuota: 10 } })
    const kept = await clientCredentials(made)
    for (let count = 0; count < 30; count += 1) {
      const { access_token } = await clientCredentials(made)
      await made.authority.revocation.revoke(request({ token: access_token }, made))
    }
    const { head, marks } = await made.stores.revocation.read(ISSUER, { after: 0, limit: 100 })
    expect(marks.map(({ kind, id }) => [kind, id])).toEqual([['client', 'service']])
    expect(head.number).toBe(30)
    expect(await refusedAs(made, kept)).toBe('client')
    expect(await refusedAs(made, await clientCredentials(made))).toBe(null)
    expect(await refusedAs(made, await signedIn(made))).toBe(null)
  })

  test('an app that does so with a person’s tokens loses that session, and the person nothing else', async () => {
    const made = await world({ settings: { revocationQuota: 10, graceWindow: 0 } })
    const elsewhere = await made.authority.sessions.start({ subject: made.subject, client: 'page' })
    let tokens: TokenResponse = await signedIn(made)
    for (let count = 0; count < 15; count += 1) {
      await made.authority.revocation.revoke(request({ token: tokens.access_token, client_id: 'app' }))
      made.time.now += 1
      tokens = await refresh(made, tokens.refresh_token ?? '')
    }
    const { marks } = await made.stores.revocation.read(ISSUER, { after: 0, limit: 100 })
    expect(marks.map(({ kind, id }) => [kind, id])).toEqual([['session', claimsOf(tokens).sid]])
    expect([await refusedAs(made, tokens), await refusedAs(made, elsewhere)]).toEqual(['session', null])
  })

  test('sessions that a client ends in a loop never sign the person out of anything else', async () => {
    const made = await world({ settings: { revocationQuota: 10 } })
    const elsewhere = await made.authority.sessions.start({ subject: 'person-1', client: 'page' })
    for (let count = 0; count < 30; count += 1) {
      const { refresh_token } = await made.authority.sessions.start({ subject: 'person-1', client: 'app' })
      await made.authority.revocation.revoke(request({ token: refresh_token, client_id: 'app' }))
    }
    expect(await refusedAs(made, elsewhere)).toBe(null)
    expect(await made.stores.revocation.lastMark(ISSUER, { subject: 'person-1' })).toBe(0)
  })

  test('a token just past its exp, which a lagging clock still accepts, can be taken back', async () => {
    const made = await world()
    const tokens = await signedIn(made)
    made.time.now += 600 + 45
    await made.authority.revocation.revoke(request({ token: tokens.access_token, client_id: 'app' }))
    expect(await refusedAs(made, tokens)).toBe('token')
  })

  test.each(['', 'x'.repeat(256), 'abc\ud800'])(
    'an id that no reader could read is refused: %j',
    async (id) => {
      const made = await world()
      const { revocation, sessions } = made.authority
      expect(await outcome(revocation.revokeTokenId(id))).toBe('oauth/invalid_request')
      expect(await outcome(sessions.end({ subject: id }))).toBe('authority/selector')
      expect(await outcome(sessions.start({ subject: id, client: 'app' }))).toBe('authority/subject')
    },
  )
})

describe('introspect() (RFC 7662)', () => {
  test('says what is true now, to the resource server that the token is for', async () => {
    const { made, ask } = await withResourceServers()
    const tokens = await signedIn(made)
    expect(await ask(tokens.access_token)).toEqual({
      ...claimsOf(tokens),
      active: true,
      token_type: 'Bearer',
    })
  })

  test('another resource server is told nothing, and a plain client may not ask', async () => {
    const { made, ask } = await withResourceServers()
    const tokens = await signedIn(made)
    expect(await ask(tokens.access_token, 'other')).toEqual({ active: false })
    const plain = made.authority.revocation.introspect(request({ token: tokens.access_token }, made))
    expect(await outcome(plain)).toBe('oauth/unauthorized_client')
  })

  test.each<[string, (made: World, tokens: TokenResponse & { refresh_token: string }) => unknown]>([
    [
      'expired',
      (made) => {
        made.time.now += 631
      },
    ],
    [
      'revoked',
      (made, { access_token }) =>
        made.authority.revocation.revoke(request({ token: access_token, client_id: 'app' })),
    ],
    [
      'of an ended session',
      (made, { refresh_token }) =>
        made.authority.revocation.revoke(request({ token: refresh_token, client_id: 'app' })),
    ],
    ['of a disabled account', (made) => made.accounts.disable('ada')],
    ['of a removed client', (made) => made.authority.clients.remove('app')],
  ])('a token %s is inactive, and nothing else is said', async (_, act) => {
    const { made, ask } = await withResourceServers()
    const tokens = await signedIn(made)
    await act(made, tokens)
    expect(await ask(tokens.access_token)).toEqual({ active: false })
  })

  test('refresh tokens, ID tokens and nonsense are inactive', async () => {
    const { made, ask } = await withResourceServers()
    const { refresh_token, id_token } = await signedIn(made)
    for (const token of [refresh_token, id_token ?? '', 'x', 'a.b.c'])
      expect(await ask(token)).toEqual({ active: false })
  })

  test('scopes that the client lost, and claims that the host took back, are gone', async () => {
    const granted = { roles: ['admin'] as readonly string[] }
    const { made, ask } = await withResourceServers({
      declared: { roles: { in: ['access'] } },
      resolve: () => (granted.roles.length > 0 ? { roles: granted.roles } : {}),
    })
    const tokens = await signedIn(made)
    expect(claimsOf(tokens).roles).toEqual(['admin'])
    granted.roles = []
    const { clients } = made.stores
    const known = await clients.find(ISSUER, 'app')
    Object.assign(clients, {
      find: async (...given: [string, string]) =>
        given[1] === 'app' && known !== undefined
          ? { ...known, scopes: ['openid'] }
          : resourceClients.get(given[1]),
    })
    const answer = await ask(tokens.access_token)
    expect([answer.active, answer.scope, answer.roles]).toEqual([true, 'openid', undefined])
  })
})

describe('logout', () => {
  test('after signing in again, ends what was entered before too', async () => {
    const made = await world()
    const visitor = browser()
    const first = await redeem(made, (await authorize(made, {}, visitor)).get('code') ?? '')
    const second = await redeem(made, (await authorize(made, { prompt: 'login' }, visitor)).get('code') ?? '')
    expect(claimsOf(first).login).not.toBe(claimsOf(second).login)
    await made.authority.logout.confirm(form({}), visitor)
    expect([await refusedAs(made, first), await refusedAs(made, second)]).toEqual(['login', 'login'])
    expect(await outcome(refresh(made, first.refresh_token ?? ''))).toBe('oauth/invalid_grant')
  })

  test('in a browser without a login, ends the session of the ID token, and no other', async () => {
    const made = await world()
    const [one, other] = [await signedIn(made), await signedIn(made)]
    const step = await made.authority.logout.begin(form({ id_token_hint: one.id_token }), browser())
    expect(step).toMatchObject({ step: 'signed-out', ended: false })
    expect([await refusedAs(made, one), await refusedAs(made, other)]).toEqual(['session', null])
  })

  test('with a forged ID token, or another client’s session in a good one, ends nothing', async () => {
    const made = await world()
    const tokens = await signedIn(made)
    const forged = signerOf(importSignKey(generateKeyPair('ES256').privateJwk))
    const { claims } = decodeUnverified(tokens.id_token ?? '')
    const hints = [await signJwt({ typ: 'JWT', claims }, forged), tokens.access_token, 'x']
    for (const id_token_hint of hints) await made.authority.logout.begin(form({ id_token_hint }), browser())
    expect(await refusedAs(made, tokens)).toBe(null)
  })

  test('before the client was looked at, the head of a session in code was read', async () => {
    const made = await world()
    const { clients } = made.stores
    const find = clients.find.bind(clients)
    Object.assign(clients, {
      async find(...given: Parameters<typeof find>) {
        const known = await find(...given)
        Object.assign(clients, { find })
        if (given[1] === 'app') await made.authority.clients.remove('app')
        return known
      },
    })
    expect(await outcome(made.authority.sessions.start({ subject: 'person-1', client: 'app' }))).toBe(
      'authority/subject',
    )
  })
})

describe('keyring.compromise()', () => {
  test('the spare signs at once, a new one stands behind it, and tokens by the old key are worth nothing', async () => {
    const made = await world()
    const { keyring } = made.authority
    const tokens = await signedIn(made)
    const stolen = keyring.signer().kid
    const spares = async () =>
      (await keyring.list()).filter(
        ({ purpose, state }) => purpose === 'token-signing' && state === 'pending',
      )
    const [spare] = await spares()
    expect(await keyring.compromise(stolen)).toBe('compromised')
    expect(keyring.signer().kid).toBe(spare?.kid)
    expect(await spares()).toHaveLength(1)
    expect(keyring.jwks().keys.map(({ kid }) => kid)).not.toContain(stolen)
    expect(await outcome(made.authority.userinfo(tokens.access_token))).toBe('oauth/invalid_token')
    expect(await keyring.compromise(stolen)).toBe('already')
    expect(await outcome(keyring.compromise('nobody'))).toBe('keyring/unknown-key')
    expect((await made.stores.revocation.head(ISSUER)).number).toBe(1)
  })

  test('the sessions go on, under the new key', async () => {
    const made = await world()
    const tokens = await signedIn(made)
    await made.authority.keyring.compromise(made.authority.keyring.signer().kid)
    const renewed = await refresh(made, tokens.refresh_token)
    expect(await refusedAs(made, renewed)).toBe(null)
  })
})

const resourceClients = new Map()

async function withResourceServers(
  claims?: Parameters<typeof world>[0] extends infer O ? (O extends { claims?: infer C } ? C : never) : never,
) {
  const made = await world({
    ...(claims === undefined ? {} : { claims }),
    settings: {
      resources: [
        { identifier: API, name: 'Orders', scopes: { 'orders:read': 'See', 'orders:write': 'Change' } },
        { identifier: 'https://other.example', name: 'Other', scopes: { other: 'Other' } },
      ],
    },
  })
  const secrets = new Map<string, string>()
  for (const [id, resource] of [
    ['api', API],
    ['other', 'https://other.example'],
  ] as const) {
    const added = await made.authority.clients.add({ id, name: id, type: 'confidential', resource })
    secrets.set(id, added.secret?.revealText() ?? '')
    resourceClients.set(id, added.client)
  }
  const ask = (token: string, by = 'api') =>
    made.authority.revocation.introspect({
      form: form({ token }),
      authorization: basic(by, secrets.get(by) ?? ''),
      network: undefined,
    })
  return { made, ask }
}

function request(values: { readonly [name: string]: string | undefined }, made?: World) {
  const authorization = made === undefined ? undefined : basic('service', made.service.secret)
  return { form: form(values), authorization, network: undefined }
}

function clientCredentials(made: Pick<World, 'authority' | 'service'>): Promise<TokenResponse> {
  return made.authority.token({
    form: form({ grant_type: 'client_credentials' }),
    authorization: basic('service', made.service.secret),
    network: undefined,
  })
}

function claimsOf(tokens: TokenResponse) {
  return decodeUnverified(tokens.access_token).claims
}

async function refusedAs(made: World, tokens: TokenResponse) {
  const { iss, jti, sub, client_id, sid, login, rev } = claimsOf(tokens)
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return made.stores.revocation.refuses(ISSUER, {
    ...{ iss: String(iss), jti: String(jti), sub: String(sub), client_id: String(client_id) },
    ...{ sid: text(sid), login: text(login), rev: Number(rev) },
    kid: decodeUnverified(tokens.access_token).header.kid,
  })
}

/** Marks on somebody else, so that the head is not 0. */
async function markSomebody({ authority }: World, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1)
    await authority.sessions.end({ subject: `somebody-${count}` })
}

/** Lets the next rotation wait until it is released, when everything before it has been checked. */
function heldRotation({ sessions }: Stores) {
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const rotate = sessions.rotate.bind(sessions)
  Object.assign(sessions, {
    async rotate(issuer: string, rotation: Parameters<typeof rotate>[1], record: Recorder<RotationOutcome>) {
      reached.resolve()
      await released.promise
      Object.assign(sessions, { rotate })
      return rotate(issuer, rotation, record)
    },
  })
  return { late: reached.promise, release: released.resolve }
}
