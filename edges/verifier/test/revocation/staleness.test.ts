import { challengeResponse } from '@jotwarden/verifier'
import { describe, expect, test } from 'vitest'
import { refusal } from '../loopback-issuer.ts'
import { becomes, eventually, LoopbackFeed, revoked, stale } from './loopback-feed.ts'

/** A feed that answers no more questions; the streams that stand go on. */
async function unanswering(...options: Parameters<LoopbackFeed['verifier']>) {
  const feed = await LoopbackFeed.start()
  const verifier = await feed.streaming(...options)
  feed.behaviour = () => undefined
  return { feed, verifier, token: await feed.issuer.mint() }
}

describe('staleness', () => {
  test('at maxStaleness passes, beyond it refuses with 503 and Retry-After, and allow lets pass', async () => {
    const { feed, verifier, token } = await unanswering()
    feed.issuer.steadyClock.pass(30)
    expect(verifier.revocation?.staleness()).toBe(30)
    expect(await refusal(verifier.verify(token))).toBe('accepted')
    feed.issuer.steadyClock.pass(0.001)
    expect(await refusal(verifier.verify(token))).toBe(stale)
    expect(await refusal(verifier.verify(token, { whenStale: 'refuse' }))).toBe(stale)
    expect(await refusal(verifier.verify(token, { whenStale: 'allow' }))).toBe('accepted')
    const request = new Request('https://api.example/', { headers: { authorization: `Bearer ${token}` } })
    expect(await refusal(verifier.authenticate(request, { whenStale: 'allow' }))).toBe('accepted')
    const response = challengeResponse(await verifier.authenticate(request).catch((error: unknown) => error))
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(response.headers.get('www-authenticate')).toBeNull()
  })

  test('allow enforces what is known', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'j1')
    const verifier = await feed.streaming()
    feed.behaviour = () => undefined
    feed.issuer.steadyClock.pass(100)
    const known = await feed.issuer.mint({ jti: 'j1' })
    expect(await refusal(verifier.verify(known, { whenStale: 'allow' }))).toBe(revoked)
    expect(await refusal(verifier.verify(known))).toBe(revoked)
    expect(
      await refusal(verifier.verify(await feed.issuer.mint({ jti: 'j2' }), { whenStale: 'allow' })),
    ).toBe('accepted')
  })

  test('maxStaleness is what the option says', async () => {
    const { feed, verifier, token } = await unanswering({ maxStaleness: 2 })
    feed.issuer.steadyClock.pass(2)
    expect(await refusal(verifier.verify(token))).toBe('accepted')
    feed.issuer.steadyClock.pass(0.001)
    expect(await refusal(verifier.verify(token))).toBe(stale)
  })

  test('counts from the time the request was sent plus asOf, not from when a head arrives', async () => {
    const feed = await LoopbackFeed.start()
    feed.behaviour = (ask, response) => {
      // The request and its answer are under way for ten seconds
      feed.issuer.steadyClock.pass(10)
      feed.asOf = 4
      feed.honest(ask, response)
    }
    const verifier = await feed.streaming()
    expect(verifier.revocation?.staleness()).toBe(6)
    expect(feed.seen('head')[0]?.lag).toBe(6)
  })

  test('a stream that is slowed does not count as fresh, however steadily its heads come', async () => {
    const { feed, verifier, token } = await unanswering()
    feed.asOf = 0.5
    feed.issuer.steadyClock.pass(40)
    feed.push(feed.headNow(), feed.headNow())
    await eventually(() => expect(feed.seen('disconnected')[0]?.reason).toBe('slowed'))
    expect(verifier.revocation?.staleness()).toBeGreaterThanOrEqual(39.5)
    expect(await refusal(verifier.verify(token))).toBe(stale)
    await eventually(() => expect(feed.asks.at(-1)).toMatchObject({ mode: 'poll', after: 0 }))
  })

  test('a stream that is slowed is left for a poll, and the poll brings freshness', async () => {
    const feed = await LoopbackFeed.start()
    const verifier = await feed.streaming()
    const token = await feed.issuer.mint()
    feed.mark('token', 'j1')
    feed.issuer.steadyClock.pass(16)
    feed.push(feed.headNow())
    await eventually(() => expect(feed.seen('disconnected')).toMatchObject([{ reason: 'slowed' }]))
    await becomes(verifier, token, revoked)
    expect(feed.asks.map(({ mode }) => mode)).toEqual(['stream', 'poll'])
    expect(verifier.revocation?.state()).toBe('polling')
    expect(verifier.revocation?.staleness()).toBe(0)
  })

  test('a head from the future counts as one from now', async () => {
    const { feed, verifier } = await unanswering()
    feed.asOf = 3600
    feed.push(feed.headNow())
    await eventually(() => expect(feed.seen('head')).toHaveLength(2))
    feed.issuer.steadyClock.pass(31)
    expect(verifier.revocation?.staleness()).toBe(31)
  })

  for (const number of [1, 3])
    test(`a head of number ${number} certifies nothing to one who has everything up to 2`, async () => {
      const feed = await LoopbackFeed.start()
      feed.mark('token', 'a')
      feed.mark('token', 'b')
      const verifier = await feed.streaming()
      feed.issuer.steadyClock.pass(5)
      feed.push({ type: 'head', number, asOf: 5 }, { type: 'marks', previous: 2, number: 2, marks: [] })
      await eventually(() => expect(feed.seen('marks')).toHaveLength(2))
      expect(verifier.revocation?.staleness()).toBe(5)
      feed.push({ type: 'head', number: 2, asOf: 5 })
      await eventually(() => expect(verifier.revocation?.staleness()).toBe(0))
    })

  test('a clock that gives no number is stale', async () => {
    const feed = await LoopbackFeed.start()
    const verifier = feed.verifier({}, { steadyClock: { now: () => Number.NaN } })
    expect(await refusal(verifier.verify(await feed.issuer.mint()))).toBe(stale)
  })

  test('is told once as it passes maxStaleness, without any request, and once when it is over', async () => {
    const { feed } = await unanswering()
    feed.issuer.steadyClock.pass(31)
    await eventually(() => expect(feed.seen('stale')).toMatchObject([{ staleness: 31 }]))
    feed.behaviour = (ask, response) => feed.honest(ask, response)
    feed.issuer.steadyClock.pass(10)
    await eventually(() => expect(feed.seen('fresh')).toHaveLength(1))
    expect(feed.seen('stale')).toHaveLength(1)
  })
})

describe('the first sync', () => {
  test('is waited for up to timeout and then refused, at once from then on; allow passes', async () => {
    const feed = await LoopbackFeed.start()
    feed.behaviour = () => undefined
    const verifier = feed.verifier({}, { timeout: 0.3 })
    const token = await feed.issuer.mint()
    const begun = performance.now()
    expect(await refusal(verifier.verify(token))).toBe('verifier/stale never-synced')
    expect(performance.now() - begun).toBeGreaterThanOrEqual(290)
    expect(await refusal(verifier.verify(token, { whenStale: 'allow' }))).toBe('accepted')
    expect(await refusal(verifier.ready())).toBe('verifier/stale never-synced')
    feed.behaviour = (ask, response) => feed.honest(ask, response)
    await becomes(verifier, token, 'accepted')
  })

  test('allow waits for it too, so that what can be known is enforced from the first token on', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'j1')
    const verifier = feed.verifier()
    expect(await refusal(verifier.verify(await feed.issuer.mint(), { whenStale: 'allow' }))).toBe(revoked)
  })

  test('allow waits once: later tokens go on at once', async () => {
    const feed = await LoopbackFeed.start()
    feed.behaviour = () => undefined
    const verifier = feed.verifier({}, { timeout: 0.2 })
    const token = await feed.issuer.mint()
    expect(await refusal(verifier.verify(token, { whenStale: 'allow' }))).toBe('accepted')
    const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const later = Promise.all(
      Array.from({ length: 20 }, () => refusal(verifier.verify(token, { whenStale: 'allow' }))),
    )
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBe(timers)
    expect(new Set(await later)).toEqual(new Set(['accepted']))
  })

  test('is not there before the snapshot’s head: half a snapshot certifies nothing', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'a')
    feed.behaviour = (_, response) => feed.send(response, feed.hello())
    const verifier = feed.verifier({}, { timeout: 10 })
    const verified = refusal(verifier.verify(await feed.issuer.mint()))
    await eventually(() => expect(feed.streams.size).toBe(1))
    feed.push(feed.since(0))
    await eventually(() => expect(verifier.revocation?.marks()).toBe(1))
    expect(verifier.revocation?.staleness()).toBe(Number.POSITIVE_INFINITY)
    feed.push(feed.headNow())
    expect(await verified).toBe('accepted')
  })
})

describe('the wall clock', () => {
  test('jumps ahead, as after a suspension that the steady clock slept through: stale', async () => {
    const { feed, verifier } = await unanswering()
    feed.issuer.clock.pass(31)
    expect(await refusal(verifier.verify(await feed.issuer.mint()))).toBe(stale)
    feed.behaviour = (ask, response) => feed.honest(ask, response)
    await becomes(verifier, await feed.issuer.mint(), 'accepted')
  })

  test('a head that had waited through the suspension does not count as fresh', async () => {
    const { feed, verifier } = await unanswering()
    feed.issuer.clock.pass(3600)
    feed.push(feed.headNow())
    await eventually(() => expect(feed.seen('disconnected')).not.toEqual([]))
    expect(verifier.revocation?.staleness()).toBe(3600)
  })

  test('a head of a stream that went on through the suspension does, for its server counted the hour', async () => {
    const { feed, verifier } = await unanswering()
    feed.asOf = 20
    feed.issuer.clock.pass(20)
    feed.push(feed.headNow())
    await eventually(() => expect(feed.seen('head')).toHaveLength(2))
    expect(verifier.revocation?.staleness()).toBe(0)
  })

  test('set back behind what was forgotten: nothing is certified before a new snapshot', async () => {
    const feed = await LoopbackFeed.start()
    const { clock } = feed.issuer
    feed.mark('token', 'j1', clock.now() + 100)
    feed.mark('token', 'j2', clock.now() + 10_000)
    const verifier = await feed.streaming()
    const token = await feed.issuer.mint({ jti: 'j1', exp: clock.now() + 100 })
    clock.pass(200)
    await eventually(() => expect(verifier.revocation?.marks()).toBe(1))
    feed.behaviour = () => undefined
    clock.pass(-190)
    // At this very moment, before any timer could have noticed
    expect(await refusal(verifier.verify(token))).toBe(stale)
    await eventually(() => expect(feed.seen('disconnected').at(-1)?.reason).toBe('clock-set-back'))
    expect(await refusal(verifier.verify(token))).toBe(stale)
    feed.behaviour = (ask, response) => feed.honest(ask, response)
    await becomes(verifier, token, revoked)
    expect(feed.asks.at(-1)?.after).toBeUndefined()
    expect(feed.seen('snapshot')).toHaveLength(2)
  })

  test('set back where nothing was forgotten since: no snapshot', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'j1')
    const verifier = await feed.streaming()
    await feed.lookedAfter()
    feed.issuer.clock.pass(-190)
    await feed.lookedAfter()
    expect(await refusal(verifier.verify(await feed.issuer.mint({ jti: 'j2' })))).toBe('accepted')
    feed.push(feed.headNow())
    await eventually(() => expect(feed.seen('head')).toHaveLength(2))
    expect(feed.asks).toHaveLength(1)
  })

  test('marks are forgotten only when no clock within the greatest skew can need them', async () => {
    const feed = await LoopbackFeed.start()
    const { clock } = feed.issuer
    feed.mark('token', 'j1', clock.now() + 100)
    const verifier = await feed.streaming({}, { skew: 60 })
    const token = await feed.issuer.mint({ exp: clock.now() + 100 })
    feed.behaviour = () => undefined
    clock.pass(159.9)
    await feed.lookedAfter()
    expect(await refusal(verifier.verify(token, { whenStale: 'allow' }))).toBe(revoked)
    clock.pass(10)
    await eventually(() => expect(verifier.revocation?.marks()).toBe(0))
    expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token expired')
  })
})
