import type { Verifier } from '@jotwarden/verifier'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer, refusal } from '../loopback-issuer.ts'
import { becomes, eventually, LoopbackFeed, revoked } from './loopback-feed.ts'

const neverSynced = 'verifier/stale never-synced'

describe('a gap between two lines', () => {
  /** Leaves out every other mark from the answers to questions that the test names. */
  function gapped(feed: LoopbackFeed, isGapped: (after: number | undefined) => boolean): void {
    feed.behaviour = (ask, response) => {
      if (!isGapped(ask.after)) return feed.honest(ask, response)
      const after = ask.after ?? 0
      feed.send(response, feed.hello({ mode: ask.after === undefined ? 'snapshot' : 'resume', after }))
      feed.send(response, { type: 'marks', previous: after + 1, number: feed.head, marks: [] })
      feed.send(response, feed.headNow())
    }
  }

  test('is asked for again from the last number that was right', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'a')
    const verifier = await feed.streaming()
    feed.mark('token', 'j1')
    feed.mark('token', 'b')
    feed.push({ type: 'marks', previous: 2, number: 3, marks: [] }, feed.headNow())
    await becomes(verifier, await feed.issuer.mint(), revoked)
    expect(feed.asks.map(({ after }) => after)).toEqual([undefined, 1])
    expect(feed.seen('disconnected')).toMatchObject([{ reason: 'gap' }])
  })

  test('a second time in a row is answered with a snapshot', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'a')
    const verifier = await feed.streaming()
    gapped(feed, (after) => after === 1)
    feed.mark('token', 'j1')
    feed.mark('token', 'b')
    feed.push({ type: 'marks', previous: 2, number: 3, marks: [] }, feed.headNow())
    await becomes(verifier, await feed.issuer.mint(), revoked)
    expect(feed.asks.map(({ after }) => after)).toEqual([undefined, 1, undefined])
  })

  test('in every answer certifies nothing', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'a')
    feed.mark('token', 'b')
    gapped(feed, () => true)
    const verifier = feed.verifier({}, { timeout: 0.5 })
    expect(await refusal(verifier.verify(await feed.issuer.mint()))).toBe(neverSynced)
    expect(feed.seen('head')).toEqual([])
  })
})

describe('nothing is taken of an answer', () => {
  const good = { type: 'head', number: 0, asOf: 0 }
  const marks = { type: 'marks', previous: 0, number: 1, marks: [['token', 'j1', 1, 1_900_000_000]] }
  const answers: readonly [string, (feed: LoopbackFeed) => readonly unknown[], string][] = [
    [
      'of another issuer',
      (it) => [it.hello({ issuer: 'https://other.example' }), marks, good],
      'wrong-issuer',
    ],
    [
      'whose issuer has one more slash',
      (it) => [it.hello({ issuer: `${it.issuer.issuer}/` }), marks, good],
      'wrong-issuer',
    ],
    ['of another version', (it) => [it.hello({ v: 2 }), marks, good], 'malformed'],
    ['without hello', () => [good], 'malformed'],
    ['that begins with marks', (it) => [marks, it.hello(), good], 'malformed'],
    ['with two hellos', (it) => [it.hello(), it.hello(), good], 'malformed'],
    [
      'that resumes what was not asked for',
      (it) => [it.hello({ mode: 'resume', after: 7 }), good],
      'malformed',
    ],
    [
      'whose snapshot begins in the middle',
      (it) => [it.hello({ after: 7 }), { ...good, number: 7 }],
      'malformed',
    ],
    ['with a line that is no JSON', (it) => [it.hello(), '{"type":"head"', good], 'malformed'],
    ['with an empty line', (it) => [it.hello(), '', good], 'malformed'],
    ['with a line that is a list', (it) => [it.hello(), '[]', good], 'malformed'],
    [
      'with a member twice',
      (it) => [it.hello(), '{"type":"head","number":1,"number":0,"asOf":0}'],
      'malformed',
    ],
    ['with a negative age', (it) => [it.hello(), { ...good, asOf: -1 }], 'malformed'],
    ['with a number that is none', (it) => [it.hello(), { ...good, number: '0' }], 'malformed'],
    [
      'with an unknown kind of mark',
      (it) => [it.hello(), { ...marks, marks: [['tenant', 't', 1, 1_900_000_000]] }, { ...good, number: 1 }],
      'malformed',
    ],
    ['with a mark beyond its number', (it) => [it.hello(), { ...marks, number: 0 }, good], 'malformed'],
    ['that is a page', () => ['<html>', '</html>'], 'malformed'],
    [
      'with a line of more than 4 MiB',
      (it) => [it.hello(), `{"type":"x","x":"${'x'.repeat(4 * 1024 * 1024)}"}`, good],
      'malformed',
    ],
  ]
  for (const [name, lines, reason] of answers)
    test(`${name}, and it is not asked again as a poll`, async () => {
      const feed = await LoopbackFeed.start()
      feed.behaviour = (_, response) => {
        for (const line of lines(feed))
          response.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
        response.end()
      }
      const verifier = await given(feed)
      expect(feed.seen('disconnected')[0]?.reason).toBe(reason)
      expect(verifier.revocation?.staleness()).toBe(Number.POSITIVE_INFINITY)
      expect(new Set(feed.asks.map(({ mode }) => mode))).toEqual(new Set(['stream']))
      expect(verifier.revocation?.marks()).toBe(0)
      expect(verifier.revocation?.cursor()).toBeNull()
      expect(feed.seen('head')).toEqual([])
    })

  /** A verifier that was given two answers and is done with them. */
  async function given(feed: LoopbackFeed): Promise<Verifier> {
    const verifier = feed.verifier()
    const ready = refusal(verifier.ready())
    await eventually(() => expect(feed.seen('disconnected').length).toBeGreaterThan(1))
    await verifier.close()
    expect(await ready).toBe('verifier/closed')
    return verifier
  }

  for (const status of [201, 203, 206, 302, 404, 500])
    test(`of status ${status}`, async () => {
      const feed = await LoopbackFeed.start()
      feed.behaviour = (ask, response) => {
        response.writeHead(status)
        feed.honest({ ...ask, mode: 'poll' }, response)
      }
      const verifier = await given(feed)
      expect(feed.seen('disconnected')[0]?.reason).toBe('status')
      expect(verifier.revocation?.staleness()).toBe(Number.POSITIVE_INFINITY)
      expect(feed.seen('head')).toEqual([])
    })

  test('from a malformed line on, in a stream that was good before', async () => {
    const feed = await LoopbackFeed.start()
    const verifier = await feed.streaming()
    feed.behaviour = () => undefined
    feed.issuer.steadyClock.pass(1)
    for (const stream of feed.streams) stream.write('x\n')
    feed.push({ ...good, asOf: 1 })
    await eventually(() => expect(feed.seen('disconnected')[0]?.reason).toBe('malformed'))
    expect(verifier.revocation?.staleness()).toBe(1)
  })
})

describe('the credential goes nowhere else', () => {
  const places: readonly [string, (issuer: LoopbackIssuer, other: LoopbackIssuer) => string | undefined][] = [
    ['of another origin', (_, other) => `${other.origin}/feed`],
    ['without https off loopback', () => 'http://other.example/feed'],
    ['with credentials of its own', (it) => it.origin.replace('//', '//a:b@')],
    ['that is no text', () => undefined],
  ]
  for (const [name, place] of places)
    test(`metadata with a revocation_feed_endpoint ${name} are not followed`, async () => {
      const feed = await LoopbackFeed.start()
      const other = await LoopbackIssuer.start()
      const url = place(feed.issuer, other)
      if (url === undefined) delete feed.issuer.endpoints.revocation_feed_endpoint
      else feed.issuer.endpoints.revocation_feed_endpoint = url
      const verifier = feed.verifier({}, { timeout: 0.4 })
      expect(await refusal(verifier.ready())).toBe(neverSynced)
      expect(feed.seen('disconnected')[0]?.reason).toBe('discovery')
      expect([...feed.asks, ...other.asked]).toEqual([])
    })

  test('a redirect is not followed', async () => {
    const feed = await LoopbackFeed.start()
    const other = await LoopbackIssuer.start()
    feed.behaviour = (_, response) => response.writeHead(307, { location: `${other.origin}/feed` }).end()
    expect(await refusal(feed.verifier({}, { timeout: 0.4 }).ready())).toBe(neverSynced)
    expect(other.asked).toEqual([])
  })

  test('a feedEndpoint that is written by hand needs no discovery, and keeps its query', async () => {
    const feed = await LoopbackFeed.start()
    const { origin } = feed.issuer
    await feed.streaming(
      { feedEndpoint: `${origin}/feed?tenant=one` },
      { jwksUri: `${origin}/jwks`, timeout: 5 },
    )
    expect(feed.issuer.asked.sort()).toEqual(['/feed?tenant=one&mode=stream', '/jwks'])
  })

  test('asks with redirect manual, without cookies, and for an answer that no cache has kept', async () => {
    const feed = await LoopbackFeed.start()
    const seen: RequestInit[] = []
    await feed.streaming(
      {},
      {
        fetch: (url, init) => {
          if (url.includes('/feed')) seen.push(init)
          return fetch(url, init)
        },
      },
    )
    expect(seen).toMatchObject([
      { redirect: 'manual', credentials: 'omit', headers: { 'cache-control': 'no-cache' } },
    ])
  })
})
