import { describe, expect, test } from 'vitest'
import { refusal } from '../loopback-issuer.ts'
import { becomes, eventually, LoopbackFeed, revoked } from './loopback-feed.ts'

describe('where streams do not come through', () => {
  const proxies: readonly [string, (feed: LoopbackFeed) => LoopbackFeed['behaviour'], string][] = [
    ['cut', () => (_, response) => response.destroy(), 'network'],
    [
      'cut after the first line',
      (it) => (_, response) =>
        void response.write(`${JSON.stringify(it.hello())}\n`, () => response.destroy()),
      'network',
    ],
    [
      'ended before a head',
      (it) => (_, response) => response.end(`${JSON.stringify(it.hello())}\n`),
      'cut-off',
    ],
    ['buffered', () => () => undefined, 'timeout'],
    ['buffered after the headers', () => (_, response) => response.flushHeaders(), 'timeout'],
    [
      'refused for want of room',
      () => (_, response) => response.writeHead(503, { 'retry-after': '5' }).end(),
      'status',
    ],
  ]
  for (const [name, proxy, reason] of proxies)
    test(`because they are ${name}, a poll in the same round brings everything`, async () => {
      const feed = await LoopbackFeed.start()
      feed.mark('token', 'j1')
      const streams = proxy(feed)
      feed.behaviour = (ask, response, request) =>
        ask.mode === 'stream' ? streams(ask, response, request) : feed.honest(ask, response)
      const verifier = feed.verifier({}, { timeout: 2 })
      expect(await refusal(verifier.verify(await feed.issuer.mint()))).toBe(revoked)
      expect(feed.asks.map(({ mode }) => mode)).toEqual(['stream', 'poll'])
      expect(verifier.revocation?.state()).toBe('polling')
      expect(feed.seen('disconnected')).toMatchObject([{ reason }])
      expect(feed.seen('connected').at(-1)).toMatchObject({ mode: 'poll' })
    })

  test('it goes on polling, and tries a stream again after a minute', async () => {
    const feed = await LoopbackFeed.start()
    feed.behaviour = (ask, response) =>
      ask.mode === 'stream' ? response.destroy() : feed.honest(ask, response)
    const verifier = await feed.streaming({ maxStaleness: 2 })
    feed.mark('token', 'j1')
    await becomes(verifier, await feed.issuer.mint(), revoked)
    expect(feed.asks.map(({ mode }) => mode)).toEqual(['stream', 'poll', 'poll'])
    feed.behaviour = (ask, response) => feed.honest(ask, response)
    feed.issuer.steadyClock.pass(60)
    await eventually(() => expect(verifier.revocation?.state()).toBe('streaming'))
    expect(feed.asks.at(-1)).toMatchObject({ mode: 'stream', after: 1 })
    expect(feed.seen('connected').map(({ mode }) => mode)).toEqual(['poll', 'stream'])
  })

  test('a poll that is left open counts once its head has come', async () => {
    const feed = await LoopbackFeed.start()
    feed.behaviour = (ask, response) =>
      ask.mode === 'stream' ? response.destroy() : feed.honest({ ...ask, mode: 'stream' }, response)
    await feed.streaming()
    expect(feed.seen('head')).toHaveLength(1)
  })
})

describe('a connection that is lost', () => {
  test('half open: when nothing comes for three seconds it is given up and made anew', async () => {
    const feed = await LoopbackFeed.start()
    const verifier = await feed.streaming()
    feed.mark('token', 'j1')
    feed.issuer.steadyClock.pass(3.1)
    await becomes(verifier, await feed.issuer.mint(), revoked)
    expect(feed.seen('disconnected')).toMatchObject([{ reason: 'silent' }])
    expect(feed.asks.map(({ mode }) => mode)).toEqual(['stream', 'stream'])
  })

  test('half open: three heartbeats, where those are longer', async () => {
    const feed = await LoopbackFeed.start()
    feed.heartbeat = 4
    const verifier = await feed.streaming()
    feed.issuer.steadyClock.pass(11)
    await feed.lookedAfter()
    expect(feed.seen('disconnected')).toEqual([])
    feed.push({ type: 'noise' }, feed.headNow())
    await eventually(() => expect(feed.seen('head')).toHaveLength(2))
    feed.mark('token', 'j1')
    feed.issuer.steadyClock.pass(12.1)
    await becomes(verifier, await feed.issuer.mint(), revoked)
    expect(feed.seen('disconnected')).toMatchObject([{ reason: 'silent' }])
  })

  test('nothing that still comes over a connection that was given up is taken', async () => {
    const feed = await LoopbackFeed.start()
    const heedless = (url: string, init: RequestInit): Promise<Response> =>
      fetch(url, { ...init, signal: null })
    const verifier = await feed.streaming({}, { fetch: heedless })
    const [old] = feed.streams
    feed.behaviour = () => undefined
    feed.issuer.steadyClock.pass(4)
    await eventually(() => expect(feed.seen('disconnected')).toMatchObject([{ reason: 'silent' }]))
    feed.mark('token', 'j1')
    feed.asOf = 4
    if (old !== undefined) for (const message of [feed.since(0), feed.headNow()]) feed.send(old, message)
    await eventually(() => expect(old?.destroyed).toBe(true))
    expect(verifier.revocation?.marks()).toBe(0)
    expect(verifier.revocation?.staleness()).toBe(4)
  })

  test('the authority is killed and comes back on its port: everything mends by itself', async () => {
    const feed = await LoopbackFeed.start()
    const verifier = await feed.streaming()
    const token = await feed.issuer.mint()
    await feed.issuer.stop()
    await eventually(() => expect(feed.seen('disconnected').length).toBeGreaterThan(1))
    expect(await refusal(verifier.verify(token))).toBe('accepted')
    feed.mark('token', 'j1')
    await feed.issuer.restart()
    await becomes(verifier, token, revoked)
    expect(feed.asks.at(-1)?.after).toBe(0)
    await eventually(() => expect(verifier.revocation?.state()).toBe('streaming'))
  })

  test('one that ends at once each time is not made anew in a hot loop', async () => {
    const feed = await LoopbackFeed.start()
    const times: number[] = []
    feed.behaviour = (ask, response) => {
      times.push(performance.now())
      feed.honest(ask, response)
      feed.send(response, { type: 'end' })
      response.end()
    }
    await feed.streaming()
    await eventually(() => expect(times.length).toBeGreaterThanOrEqual(5))
    const waits = times.slice(1).map((time, at) => time - (times[at] ?? 0))
    expect(Math.min(...waits)).toBeGreaterThan(90)
  })

  test('failures back off', async () => {
    const feed = await LoopbackFeed.start()
    const times: number[] = []
    feed.behaviour = (ask, response) => {
      if (ask.mode === 'stream') times.push(performance.now())
      response.destroy()
    }
    await refusal(feed.verifier({}, { timeout: 0.1 }).ready())
    await eventually(() => expect(times.length).toBeGreaterThanOrEqual(6))
    // The upper half of 0.1, 0.2, 0.4, 0.8, 1.6 is left to chance
    const span = ((times[5] ?? 0) - (times[0] ?? 0)) / 1000
    expect(span).toBeGreaterThan(1.55)
    expect(span).toBeLessThan(5)
  })
})

describe('what the server says of its state', () => {
  for (const status of [400, 401])
    test(`${status}: refused is told, no poll is tried, and it is asked again only after a while`, async () => {
      const feed = await LoopbackFeed.start()
      feed.behaviour = (_, response) => response.writeHead(status).end('{"error":"invalid_client"}')
      const verifier = feed.verifier({}, { timeout: 1 })
      expect(await refusal(verifier.verify(await feed.issuer.mint()))).toBe(
        'verifier/stale credential-refused',
      )
      expect(feed.seen('refused')).toMatchObject([{ status }])
      expect(feed.asks).toHaveLength(1)
      expect(verifier.revocation?.state()).toBe('waiting')
    })

  for (const status of [503, 429])
    test(`${status} everywhere: Retry-After is kept`, async () => {
      const feed = await LoopbackFeed.start()
      const times: number[] = []
      feed.behaviour = (ask, response) => {
        if (ask.mode === 'stream') times.push(performance.now())
        response.writeHead(status, { 'retry-after': '1' }).end()
      }
      await refusal(feed.verifier({}, { timeout: 0.1 }).ready())
      await eventually(() => expect(times).toHaveLength(2))
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990)
    })

  test('503 with a Retry-After of hours: five seconds at most', async () => {
    const feed = await LoopbackFeed.start()
    feed.behaviour = (_, response) => response.writeHead(503, { 'retry-after': '86400' }).end()
    const verifier = feed.verifier({}, { timeout: 0.1 })
    await refusal(verifier.ready())
    feed.behaviour = (ask, response) => feed.honest(ask, response)
    await becomes(verifier, await feed.issuer.mint(), 'accepted')
  })
})

test('a snapshot of 100,000 marks is read in one go', async () => {
  const feed = await LoopbackFeed.start()
  for (let at = 0; at < 100_000; at += 1) feed.mark('token', `some-token-${at}`)
  feed.behaviour = (ask, response) => {
    feed.send(response, feed.hello())
    for (let from = 0; from < feed.head; from += 10_000)
      feed.send(response, {
        type: 'marks',
        previous: from,
        number: from + 10_000,
        marks: feed.marks.slice(from, from + 10_000),
      })
    feed.send(response, feed.headNow())
    if (ask.mode === 'poll') response.end()
  }
  const verifier = await feed.streaming({}, { timeout: 20 })
  expect(verifier.revocation?.marks()).toBe(100_000)
  expect(feed.asks).toHaveLength(1)
  const token = await feed.issuer.mint({ jti: 'some-token-77777' })
  expect(await refusal(verifier.verify(token))).toBe(revoked)
})
