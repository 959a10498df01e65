import { firstOfEpoch, type MarkKind } from '@jotwarden/policy'
import { describe, expect, test } from 'vitest'
import { refusal } from '../loopback-issuer.ts'
import { becomes, CANARY, eventually, LoopbackFeed, revoked } from './loopback-feed.ts'

describe('a verifier that follows the feed', () => {
  test('connects at the first token, has the snapshot, and streams', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'j1')
    feed.mark('token', 'j2')
    const verifier = feed.verifier()
    expect(feed.issuer.asked).toEqual([])
    expect(verifier.revocation?.state()).toBe('idle')
    expect(await refusal(verifier.verify(await feed.issuer.mint({ jti: 'j1' })))).toBe(revoked)
    expect(await refusal(verifier.verify(await feed.issuer.mint({ jti: 'j3' })))).toBe('accepted')
    expect(feed.asks).toMatchObject([{ after: undefined, mode: 'stream' }])
    expect(verifier.revocation?.state()).toBe('streaming')
    expect(verifier.revocation?.cursor()).toBe(2)
    expect(verifier.revocation?.marks()).toBe(2)
    expect(feed.events).toMatchObject([
      { type: 'connected', mode: 'stream' },
      { type: 'marks', count: 2, number: 2 },
      { type: 'snapshot', marks: 2 },
      { type: 'head', number: 2, lag: 0 },
    ])
  })

  test('one metadata document serves keys and feed, and the credential is form-urlencoded (RFC 6749 §2.3.1)', async () => {
    const feed = await LoopbackFeed.start()
    await feed.streaming({ clientId: 'a:b' })
    const { pathname } = new URL('/.well-known/oauth-authorization-server', feed.issuer.origin)
    expect(feed.issuer.asked.filter((path) => path === pathname)).toHaveLength(1)
    const [scheme, encoded = ''] = feed.asks[0]?.authorization.split(' ') ?? []
    expect(scheme).toBe('Basic')
    expect(atob(encoded)).toBe('a%3Ab:canary%3As3cret%2F%2B%C3%BC')
    expect(decodeURIComponent(atob(encoded).split(':')[1] ?? '')).toBe(CANARY)
  })

  test('refuses a token as soon as its mark has come', async () => {
    const feed = await LoopbackFeed.start()
    const verifier = await feed.streaming()
    const token = await feed.issuer.mint()
    expect(await refusal(verifier.verify(token))).toBe('accepted')
    feed.take('token', 'j1')
    await becomes(verifier, token, revoked)
  })

  test('takes marks that a line feed has not ended yet only when it has', async () => {
    const feed = await LoopbackFeed.start()
    const verifier = await feed.streaming()
    feed.mark('token', 'j1')
    const [stream] = feed.streams
    const line = '{"type":"marks","previous":0,"number":1,"marks":[["token","j1",1,1900000000]]}'
    for (const byte of line) stream?.write(byte)
    expect(verifier.revocation?.cursor()).toBe(0)
    stream?.write('\n')
    await eventually(() => expect(verifier.revocation?.cursor()).toBe(1))
  })

  test('asks on from its number after a stream has ended', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'j1')
    const verifier = await feed.streaming()
    feed.behaviour = (_, response) => response.destroy()
    feed.push({ type: 'end' })
    for (const stream of feed.streams) stream.end()
    await eventually(() => expect(feed.seen('disconnected').at(-1)?.reason).not.toBe('ended'))
    feed.mark('token', 'j2')
    feed.behaviour = (ask, response) => feed.honest(ask, response)
    await becomes(verifier, await feed.issuer.mint({ jti: 'j2' }), revoked)
    expect(feed.asks.slice(1).every(({ after }) => after === 1)).toBe(true)
    expect(await refusal(verifier.verify(await feed.issuer.mint({ jti: 'j1' })))).toBe(revoked)
    expect(feed.seen('snapshot')).toHaveLength(1)
  })

  test('skips lines and members that a later server may send', async () => {
    const feed = await LoopbackFeed.start()
    feed.behaviour = (_, response) => {
      feed.send(response, { type: 'checkpoint', x: 1 })
      feed.send(response, feed.hello({ more: true }))
      feed.send(response, { type: 'checkpoint', x: 1 })
      feed.send(response, feed.headNow())
    }
    const verifier = await feed.streaming()
    expect(await refusal(verifier.verify(await feed.issuer.mint()))).toBe('accepted')
  })

  test('a listener that throws or rejects disturbs nothing', async () => {
    const feed = await LoopbackFeed.start()
    const onEvent = async (): Promise<void> => Promise.reject(new Error('a mistake of the listener'))
    await feed.streaming({ onEvent })
    await feed.streaming({
      onEvent: () => {
        throw new Error('a mistake of the listener')
      },
    })
  })
})

describe('marks', () => {
  const claims = { jti: 'j1', sid: 's1', login: 'l1', sub: 'u1', client_id: 'c1' }
  const kinds: readonly [MarkKind, (feed: LoopbackFeed) => string, boolean][] = [
    ['token', () => 'j1', false],
    ['session', () => 's1', false],
    ['login', () => 'l1', false],
    ['key', ({ issuer }) => issuer.keys[0]?.publicJwk.kid ?? '', false],
    ['subject', () => 'u1', true],
    ['client', () => 'c1', true],
    ['issuer', ({ issuer }) => issuer.issuer, true],
  ]
  for (const [kind, id, isOrdered] of kinds)
    test(`on a ${kind} refuses ${isOrdered ? 'tokens with a smaller rev' : 'whatever the rev'}`, async () => {
      const feed = await LoopbackFeed.start()
      feed.mark('token', 'another')
      feed.mark(kind, 'another')
      feed.mark(kind, id(feed))
      const verifier = await feed.streaming()
      const outcome = async (over: { rev?: number }): Promise<string> =>
        refusal(verifier.verify(await feed.issuer.mint({ ...claims, ...over })))
      expect(await outcome({})).toBe(revoked)
      expect(await outcome({ rev: 2 })).toBe(revoked)
      expect(await outcome({ rev: 3 })).toBe(isOrdered ? 'accepted' : revoked)
    })

  test('on a key also refuse a token that does not name its key', async () => {
    const feed = await LoopbackFeed.start()
    const [key] = feed.issuer.keys
    feed.mark('key', key?.publicJwk.kid ?? '')
    const verifier = await feed.streaming()
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const input = `${part({ alg: 'ES256', typ: 'at+jwt' })}.${part(feed.issuer.claims())}`
    const signature = await key?.signer.sign(Buffer.from(input))
    const token = `${input}.${Buffer.from(signature ?? []).toString('base64url')}`
    expect(await refusal(feed.issuer.verifier().verify(token))).toBe('accepted')
    expect(await refusal(verifier.verify(token))).toBe(revoked)
  })

  test('refuse nobody else', async () => {
    const feed = await LoopbackFeed.start()
    for (const [kind] of kinds) feed.mark(kind, 'another')
    const verifier = await feed.streaming()
    expect(await refusal(verifier.verify(await feed.issuer.mint(claims)))).toBe('accepted')
  })

  test('come after everything else: an expired token is expired, not revoked', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'j1')
    const verifier = await feed.streaming()
    const token = await feed.issuer.mint({ exp: 1_799_999_900, iat: 1_799_999_800 })
    expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token expired')
  })
})

describe('a log that was set back', () => {
  test('to another epoch: a snapshot adds to the marks held', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'lost')
    feed.mark('token', 'lost-too')
    const verifier = await feed.streaming()
    feed.head = firstOfEpoch(1)
    feed.marks = []
    feed.mark('issuer', feed.issuer.issuer)
    for (const stream of feed.streams) stream.end()
    await eventually(() => expect(feed.seen('epoch')).toHaveLength(1))
    expect(feed.seen('epoch')[0]).toMatchObject({ from: 2, to: firstOfEpoch(1) + 1 })
    const outcome = async (over: { jti: string; rev: number }): Promise<string> =>
      refusal(verifier.verify(await feed.issuer.mint(over)))
    const rev = firstOfEpoch(1) + 1
    expect(await outcome({ jti: 'any', rev: 2 })).toBe(revoked)
    expect(await outcome({ jti: 'any', rev })).toBe('accepted')
    expect(await outcome({ jti: 'lost', rev })).toBe(revoked)
    expect(feed.seen('rolled-back')).toEqual([])
    expect(verifier.revocation?.cursor()).toBe(rev)
  })

  test('within its epoch: told as rolled-back, and the marks held stay', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'kept')
    feed.mark('token', 'lost')
    const verifier = await feed.streaming()
    feed.head = 1
    feed.marks = feed.marks.slice(0, 1)
    for (const stream of feed.streams) stream.end()
    await eventually(() => expect(feed.seen('rolled-back')).toHaveLength(1))
    expect(feed.seen('rolled-back')[0]).toMatchObject({ from: 2, to: 1 })
    expect(feed.seen('epoch')).toEqual([])
    const outcome = async (jti: string): Promise<string> =>
      refusal(verifier.verify(await feed.issuer.mint({ jti })))
    expect(await outcome('lost')).toBe(revoked)
    expect(await outcome('kept')).toBe(revoked)
    expect(await outcome('other')).toBe('accepted')
    expect(verifier.revocation?.cursor()).toBe(1)
  })

  test('to an empty log of its epoch: also told', async () => {
    const feed = await LoopbackFeed.start()
    feed.mark('token', 'lost')
    const verifier = await feed.streaming()
    feed.head = 0
    feed.marks = []
    for (const stream of feed.streams) stream.end()
    await eventually(() => expect(feed.seen('rolled-back')).toMatchObject([{ from: 1, to: 0 }]))
    expect(await refusal(verifier.verify(await feed.issuer.mint({ jti: 'lost' })))).toBe(revoked)
  })
})
