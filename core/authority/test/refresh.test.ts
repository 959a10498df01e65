import { decideRotation, type Recorder, type Rotation, type RotationOutcome } from '@jotwarden/authority'
import { checkOuterTag, decodeUnverified, makeRefreshToken, parseRefreshToken } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import {
  API,
  authorize,
  basic,
  form,
  ISSUER,
  outcome,
  redeem,
  refresh,
  signedIn,
  VERIFIER,
  type World,
  world,
} from './world.ts'

const GRACE = 10

describe('refresh, row by row of the outcome table', () => {
  test('current, never rotated: the counter moves and the successor is answered', async () => {
    const made = await world()
    const first = await signedIn(made)
    const next = await refresh(made, first.refresh_token)
    expect(generation(first.refresh_token)).toBe(0)
    expect(generation(next.refresh_token)).toBe(1)
  })

  test('current, inside the window: itself again, so parallel tabs never fork', async () => {
    const made = await world()
    const { refresh_token } = await refresh(made, (await signedIn(made)).refresh_token)
    made.time.now += GRACE
    const again = await refresh(made, refresh_token ?? '')
    expect(again.refresh_token).toBe(refresh_token)
  })

  test('current, after the window: the counter moves', async () => {
    const made = await world()
    const second = await refresh(made, (await signedIn(made)).refresh_token)
    made.time.now += GRACE + 0.001
    const third = await refresh(made, second.refresh_token ?? '')
    expect(generation(third.refresh_token)).toBe(2)
  })

  test('previous, inside the window: its successor again, byte for byte (a lost answer)', async () => {
    const made = await world()
    const first = await signedIn(made)
    const answered = await refresh(made, first.refresh_token)
    made.time.now += GRACE
    const retried = await refresh(made, first.refresh_token)
    expect(retried.refresh_token).toBe(answered.refresh_token)
    expect(retried.access_token).not.toBe(answered.access_token)
  })

  test('previous, after the window: reuse; the session ends and says so', async () => {
    const made = await world()
    const first = await signedIn(made)
    const second = await refresh(made, first.refresh_token)
    made.time.now += GRACE + 0.001
    expect(await outcome(refresh(made, first.refresh_token))).toBe('oauth/invalid_grant')
    expect(await outcome(refresh(made, second.refresh_token ?? ''))).toBe('oauth/invalid_grant')
    expect(await eventTypes(made)).toEqual(expect.arrayContaining(['refresh-reused', 'session-ended']))
    expect(await outcome(made.authority.userinfo(second.access_token))).toBe('oauth/invalid_token')
  })

  test('older than the previous, even inside the window: reuse', async () => {
    const made = await world()
    const first = await signedIn(made)
    const second = await refresh(made, first.refresh_token)
    made.time.now += GRACE + 1
    await refresh(made, second.refresh_token ?? '')
    expect(await outcome(refresh(made, first.refresh_token))).toBe('oauth/invalid_grant')
    expect(await made.authority.sessions.list({ subject: made.subject })).toEqual([])
  })

  test('newer than the row (a restored database): refused with an alarm, and nothing ends', async () => {
    const made = await world()
    const first = await signedIn(made)
    const { sessionId } = parseRefreshToken(first.refresh_token)
    const earlier = made.stores.sessions.find(ISSUER, sessionId)
    await earlier
    const second = await refresh(made, first.refresh_token)
    const { sessions } = made.stores
    const rotate = sessions.rotate.bind(sessions)
    const row = await earlier
    Object.assign(sessions, {
      rotate: async (issuer: string, rotation: Rotation, record: Recorder<RotationOutcome>) => {
        const decided = decideRotation(row, rotation, 0)
        await made.stores.revocation.append(issuer, record(decided))
        return decided
      },
    })
    expect(await outcome(refresh(made, second.refresh_token ?? ''))).toBe('oauth/invalid_grant')
    Object.assign(sessions, { rotate })
    expect(await eventTypes(made)).toContain('refresh-ahead')
    expect(await outcome(refresh(made, second.refresh_token ?? ''))).toBe('accepted')
  })

  test('unknown, malformed, forged, or of another issuer: invalid_grant and nothing else', async () => {
    const made = await world()
    const { refresh_token } = await signedIn(made)
    const before = await eventTypes(made)
    const flipped = refresh_token.slice(0, -1) + (refresh_token.endsWith('A') ? 'B' : 'A')
    for (const bad of [
      'jwr_',
      'x',
      flipped,
      refresh_token.toUpperCase(),
      `${refresh_token}A`,
      (await signedIn(await world())).refresh_token,
    ]) {
      expect(await outcome(refresh(made, bad))).toBe('oauth/invalid_grant')
    }
    expect(await eventTypes(made)).toEqual(before)
    expect(await outcome(refresh(made, refresh_token))).toBe('accepted')
  })

  test('ended: invalid_grant', async () => {
    const made = await world()
    const { refresh_token } = await signedIn(made)
    expect(await made.authority.sessions.end({ subject: made.subject })).toBe(1)
    expect(await outcome(refresh(made, refresh_token))).toBe('oauth/invalid_grant')
  })
})

describe('refresh, what must not change anything', () => {
  test('another client’s token is refused and goes on working for its owner', async () => {
    const made = await world()
    const { refresh_token } = await signedIn(made)
    const stolen = made.authority.token({
      form: form({ grant_type: 'refresh_token', refresh_token }),
      authorization: basic(made.web.id, made.web.secret),
      network: undefined,
    })
    expect(await outcome(stolen)).toBe('oauth/invalid_grant')
    expect(generation((await refresh(made, refresh_token)).refresh_token)).toBe(1)
  })

  test('a wider scope or a foreign resource is refused before the counter moves', async () => {
    const made = await world()
    const { refresh_token } = await signedIn(made)
    expect(await outcome(refresh(made, refresh_token, { scope: 'openid orders:write' }))).toBe(
      'oauth/invalid_scope',
    )
    expect(await outcome(refresh(made, refresh_token, { resource: 'https://elsewhere.example' }))).toBe(
      'oauth/invalid_target',
    )
    expect(generation((await refresh(made, refresh_token)).refresh_token)).toBe(1)
  })

  test('a narrower scope narrows this access token and not the session', async () => {
    const made = await world()
    const { refresh_token } = await signedIn(made)
    const narrow = await refresh(made, refresh_token, { scope: 'orders:read' })
    expect(narrow.scope).toBe('orders:read')
    expect((await refresh(made, narrow.refresh_token ?? '')).scope).toBe('openid profile orders:read')
  })
})

describe('refresh, what is left of the grant', () => {
  const resources = [
    { identifier: API, name: 'Orders', scopes: { 'orders:read': 'See', 'orders:write': 'Change' } },
    { identifier: 'https://stock.example', name: 'Stock', scopes: { 'stock:read': 'See' } },
  ]
  const scope = 'openid orders:read stock:read'
  const audienceOf = (token: string) => decodeUnverified(token).claims.aud

  async function grantedBoth() {
    const made = await world({ settings: { resources } })
    await made.authority.clients.add({
      id: 'both',
      name: 'Both',
      type: 'public',
      redirectUris: ['https://both.example/cb'],
      scopes: ['openid', 'orders:read', 'stock:read'],
    })
    const client = { client_id: 'both', redirect_uri: 'https://both.example/cb' }
    const tokens = await redeem(made, (await authorize(made, { ...client, scope })).get('code') ?? '', client)
    return {
      made,
      tokens,
      again: (changes: { readonly [name: string]: string }) =>
        refresh(made, tokens.refresh_token ?? '', { client_id: 'both', ...changes }),
    }
  }

  test('a narrower scope narrows the audience with it', async () => {
    const { tokens, again } = await grantedBoth()
    expect(audienceOf(tokens.access_token)).toEqual([API, 'https://stock.example', ISSUER])
    expect(audienceOf((await again({ scope: 'stock:read' })).access_token)).toBe('https://stock.example')
    expect(audienceOf((await again({ resource: API })).access_token)).toEqual([API, ISSUER])
    expect(await outcome(again({ scope: 'stock:read', resource: API }))).toBe('oauth/invalid_target')
  })

  test('a scope that the client lost, or that is configured no more, is issued no more', async () => {
    const { made, tokens } = await grantedBoth()
    const { clients } = made.stores
    const find = clients.find.bind(clients)
    Object.assign(clients, {
      find: async (issuer: string, id: string) => {
        const client = await find(issuer, id)
        return client === undefined
          ? undefined
          : { ...client, scopes: client.scopes.filter((name) => name !== 'stock:read') }
      },
    })
    const next = await refresh(made, tokens.refresh_token ?? '', { client_id: 'both' })
    expect(next.scope).toBe('openid orders:read')
    expect(audienceOf(next.access_token)).toEqual([API, ISSUER])
    const wider = refresh(made, tokens.refresh_token ?? '', { client_id: 'both', scope })
    expect(await outcome(wider)).toBe('oauth/invalid_scope')
  })

  test('what was granted for one API is not issued for another whose scope was granted along', async () => {
    const made = await world({ settings: { resources } })
    const asked = { client: 'app', subject: 'customer-1', scope: ['orders:read'], resources: [API] }
    const { refresh_token = '' } = await made.authority.sessions.start(asked)
    expect(await outcome(refresh(made, refresh_token, { resource: 'https://stock.example' }))).toBe(
      'oauth/invalid_target',
    )
  })
})

describe('refresh, forged with stolen parts', () => {
  test('the issuer’s MAC key alone makes no token: the row’s seed is needed too', async () => {
    const made = await world()
    const { refresh_token } = await signedIn(made)
    const { sessionId, generation: current } = parseRefreshToken(refresh_token)
    const key = made.authority.keyring.macKey()
    const forged = makeRefreshToken(
      { sessionId, generation: current },
      { issuer: ISSUER, seed: new Uint8Array(32) },
      key,
    )
    expect(checkOuterTag(parseRefreshToken(forged), ISSUER, key)).toBe(true)
    expect(await outcome(refresh(made, forged))).toBe('oauth/invalid_grant')
    expect(await outcome(refresh(made, refresh_token))).toBe('accepted')
  })

  test('a session bound to a key is not refreshed as long as no proof is checked', async () => {
    const made = await world()
    const { refresh_token } = await signedIn(made)
    const { sessions } = made.stores
    const find = sessions.find.bind(sessions)
    Object.assign(sessions, {
      find: async (issuer: string, id: string) => {
        const row = await find(issuer, id)
        return row === undefined ? undefined : { ...row, confirmation: '{"jkt":"x"}' }
      },
    })
    expect(await outcome(refresh(made, refresh_token))).toBe('oauth/invalid_grant')
  })
})

describe('refresh, when time passes on the way', () => {
  test('the outcome hangs on when it is decided, not on when the request came in', async () => {
    const holder: { time: { now: number } | undefined; delay: number } = { time: undefined, delay: 0 }
    const claims = {
      declared: {},
      resolve: () => {
        if (holder.time !== undefined) holder.time.now += holder.delay
        return {}
      },
    }
    const made = await world({ claims })
    holder.time = made.time
    const first = await signedIn(made)
    holder.delay = 11
    const next = await refresh(made, first.refresh_token, { scope: 'orders:read' })
    holder.delay = 0
    expect((await refresh(made, first.refresh_token)).refresh_token).toBe(next.refresh_token)
    const late = await world({ claims })
    holder.time = late.time
    holder.delay = 0
    const code = (await authorize(late)).get('code') ?? ''
    holder.delay = 60
    expect(await outcome(redeem(late, code))).toBe('oauth/invalid_grant')
    expect(await late.authority.sessions.list({ subject: late.subject })).toEqual([])
  })
})

describe('refresh, races and lives', () => {
  test('100 parallel refreshes of one token: 100 successes, one successor', async () => {
    const made = await world()
    const { refresh_token } = await signedIn(made)
    const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(made, refresh_token)))
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1)
    expect(generation(answers[0]?.refresh_token)).toBe(1)
    expect(await made.authority.sessions.list({ subject: made.subject })).toHaveLength(1)
  })

  test('a confidential client keeps its token however often it refreshes', async () => {
    const made = await world()
    const code =
      (await authorize(made, { client_id: 'web', redirect_uri: 'https://web.example/cb' })).get('code') ?? ''
    const authorization = basic(made.web.id, made.web.secret)
    const values = { grant_type: 'authorization_code', code, code_verifier: VERIFIER }
    const tokens = await made.authority.token({ form: form(values), authorization, network: undefined })
    for (let round = 0; round < 3; round++) {
      made.time.now += 3600
      const again = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
      const answer = await made.authority.token({ form: form(again), authorization, network: undefined })
      expect(answer.refresh_token).toBe(tokens.refresh_token)
    }
  })

  test('a session ends when idle, and at its absolute expiry however busy', async () => {
    const idle = await world()
    const left = await signedIn(idle)
    idle.time.now += idle.authority.settings.sessionIdleLifetime
    expect(await outcome(refresh(idle, left.refresh_token))).toBe('oauth/invalid_grant')

    const busy = await world()
    let { refresh_token } = await signedIn(busy)
    const { sessionLifetime, sessionIdleLifetime } = busy.authority.settings
    const end = busy.time.now + sessionLifetime
    while (busy.time.now + sessionIdleLifetime / 2 < end) {
      busy.time.now += sessionIdleLifetime / 2
      refresh_token = (await refresh(busy, refresh_token)).refresh_token ?? ''
    }
    busy.time.now = end - 1
    const last = await refresh(busy, refresh_token)
    expect(last.expires_in).toBe(1)
    busy.time.now = end
    expect(await outcome(refresh(busy, last.refresh_token ?? ''))).toBe('oauth/invalid_grant')
  })

  test('a thief who shadows each refresh inside the window is noticed at the third, and stopped if told so', async () => {
    for (const endShadowed of [false, true]) {
      const made = await world({ settings: { endShadowed } })
      let { refresh_token } = await signedIn(made)
      const thief: string[] = []
      for (let round = 0; round < 3; round++) {
        made.time.now += GRACE + 1
        const next = await refresh(made, refresh_token)
        thief.push(await outcome(refresh(made, refresh_token, {}, '203.0.113.9')))
        refresh_token = next.refresh_token ?? ''
      }
      expect(thief).toEqual(['accepted', 'accepted', endShadowed ? 'oauth/invalid_grant' : 'accepted'])
      expect(await eventTypes(made)).toContain('refresh-shadowed')
      expect(await outcome(refresh(made, refresh_token))).toBe(
        endShadowed ? 'oauth/invalid_grant' : 'accepted',
      )
    }
  })

  test('a person who was disabled or removed refreshes no more', async () => {
    for (const act of ['disable', 'remove'] as const) {
      const made = await world()
      const { refresh_token } = await signedIn(made)
      await made.accounts[act]('ada')
      expect(await outcome(refresh(made, refresh_token))).toBe('oauth/invalid_grant')
    }
  })

  test('a code that is replayed ends the session of its first use, but only with the right verifier', async () => {
    const made = await world()
    const code = (await authorize(made)).get('code') ?? ''
    const { refresh_token = '' } = await redeem(made, code)
    const wrong = { code_verifier: 'w'.repeat(43) }
    expect(await outcome(redeem(made, code, wrong))).toBe('oauth/invalid_grant')
    const kept = await refresh(made, refresh_token)
    expect(await outcome(redeem(made, code))).toBe('oauth/invalid_grant')
    expect(await outcome(refresh(made, kept.refresh_token ?? ''))).toBe('oauth/invalid_grant')
    expect(await eventTypes(made)).toContain('code-replayed')
  })
})

describe('sessions in code', () => {
  test('start, refresh and end need no HTTP and follow the same rules', async () => {
    const { authority } = await world()
    const started = await authority.sessions.start({
      subject: 'customer-17',
      client: 'app',
      scope: ['orders:read'],
    })
    const request = { client: 'app', refreshToken: started.refresh_token ?? '' }
    const refreshed = await authority.sessions.refresh(request)
    expect(refreshed.refresh_token).not.toBe(started.refresh_token)
    expect((await authority.sessions.list({ subject: 'customer-17' })).map(({ id }) => id)).toEqual([
      started.session,
    ])
    expect(await authority.sessions.end({ session: started.session })).toBe(1)
    expect(
      await outcome(authority.sessions.refresh({ ...request, refreshToken: refreshed.refresh_token ?? '' })),
    ).toBe('oauth/invalid_grant')
  })

  test('start refuses an unknown client, an empty subject and a scope the client may not have', async () => {
    const { authority } = await world()
    expect(await outcome(authority.sessions.start({ subject: 's', client: 'nobody' }))).toBe(
      'authority/client-unknown',
    )
    expect(await outcome(authority.sessions.start({ subject: '', client: 'app' }))).toBe('authority/subject')
    expect(await outcome(authority.sessions.start({ subject: 'service', client: 'app' }))).toBe(
      'authority/subject',
    )
    expect(await outcome(authority.sessions.start({ subject: 's', client: 'app', scope: ['admin'] }))).toBe(
      'oauth/invalid_scope',
    )
  })
})

function generation(token: string | undefined): number {
  return parseRefreshToken(token ?? '').generation
}

async function eventTypes({ stores }: World): Promise<readonly string[]> {
  return (await stores.events.list(ISSUER, { after: 0, limit: 100 })).map(({ type }) => type)
}
