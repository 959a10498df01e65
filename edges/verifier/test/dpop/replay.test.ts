import { type ReplayStoreDriver, replayStoreSuite } from '@jotwarden/conformance'
import { challenge, type VerifierError } from '@jotwarden/verifier'
import { dpop, memoryReplayStore, type ReplayStore } from '@jotwarden/verifier/dpop'
import { describe, expect, test } from 'vitest'
import { refusal } from '../loopback-issuer.ts'
import { DpopClient, parts, proofClaims } from './dpop-client.ts'
import { invalid, scene } from './dpop-scene.ts'

const memory: ReplayStoreDriver = {
  async open() {
    const store = memoryReplayStore()
    return { remember: (...given) => store.remember(...given), close: async () => undefined }
  },
}
describe('memoryReplayStore()', () => {
  replayStoreSuite(memory, { test })

  test('full of keys whose time is not over, throws for new ones and knows the old ones still', () => {
    const store = memoryReplayStore({ maxKeys: 3 })
    for (const key of ['a', 'b', 'c']) expect(store.remember(key, 200, 100)).toBe(true)
    for (const now of [100, 150, 199.9])
      expect(() => store.remember('d', 300, now)).toThrow(
        expect.objectContaining({ code: 'verifier/replay-unavailable', reason: 'replay-store-full' }),
      )
    for (const key of ['a', 'b', 'c']) expect(store.remember(key, 300, 199.9)).toBe(false)
    expect(store.remember('d', 300, 200)).toBe(true)
  })

  test('holds no more than it may, though more come than it holds', () => {
    const store = memoryReplayStore({ maxKeys: 100 })
    let refused = 0
    for (let count = 0; count < 10_000; count += 1) {
      const now = 1000 + count / 50
      try {
        store.remember(`key ${count}`, now + 1, now)
      } catch {
        refused += 1
      }
    }
    // 50 come in each second and stay for one, or until the second is full
    expect(refused).toBe(0)
  })

  test('is refused a size that is none', () => {
    for (const maxKeys of [0, -1, 1.5, Number.NaN, 1e9])
      expect(() => memoryReplayStore({ maxKeys })).toThrow(
        expect.objectContaining({ code: 'verifier/options' }),
      )
  })
})

describe('dpop() replay (RFC 9449 §11.1)', () => {
  test('a proof passes once, also when its time is nearly over', async () => {
    const { issuer, client, claims, send } = await scene()
    const proof = client.proof(claims({ iat: issuer.clock.now() + 30 }))
    await send(proof)
    for (const wait of [0, 60, 59]) {
      issuer.clock.pass(wait)
      expect(await refusal(send(proof))).toBe(`${invalid} replayed`)
    }
    issuer.clock.pass(1)
    expect(await refusal(send(proof))).toBe(`${invalid} expired`)
  })

  test('of 50 requests at once with one proof exactly one passes', async () => {
    const { client, claims, send } = await scene()
    const proof = client.proof(claims())
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => refusal(send(proof))))
    expect(outcomes.filter((one) => one === 'accepted')).toHaveLength(1)
    expect(outcomes.filter((one) => one === `${invalid} replayed`)).toHaveLength(49)
  })

  test('another proof with the same jti is refused as well, also for another URI', async () => {
    const { client, claims, send } = await scene()
    await send(client.proof(claims({ jti: 'one' })))
    expect(await refusal(send(client.proof(claims({ jti: 'one' }))))).toBe(`${invalid} replayed`)
    const url = 'https://api.example/others'
    expect(await refusal(send(client.proof(claims({ jti: 'one', htu: url })), { url }))).toBe(
      `${invalid} replayed`,
    )
  })

  test('the jti of another client is free', async () => {
    const check = dpop({ nonce: null })
    for (let count = 0; count < 2; count += 1) {
      const client = new DpopClient()
      const request = parts([['dpop', client.proof(proofClaims('token', 1_800_000_000, { jti: 'one' }))]])
      expect(await check.check(request, 'token', client.thumbprint, 1_800_000_000)).toEqual({})
    }
  })

  test('a proof that is refused for something else is not used up', async () => {
    const { client, claims, send } = await scene()
    const proof = client.proof(claims())
    expect(await refusal(send(proof, { method: 'POST' }))).toBe(`${invalid} wrong-method`)
    expect(await refusal(send(proof))).toBe('accepted')
  })

  test('verifiers that share a store share what was used', async () => {
    const replay = memoryReplayStore()
    const client = new DpopClient()
    const request = parts([['dpop', client.proof(proofClaims('token', 1_800_000_000))]])
    const check = () =>
      refusal(dpop({ nonce: null, replay }).check(request, 'token', client.thumbprint, 1_800_000_000))
    expect([await check(), await check()]).toEqual(['accepted', `${invalid} replayed`])
  })

  test('the store is told a hash, and a time past which the proof is refused anyway', async () => {
    const told: (readonly [string, number, number])[] = []
    const replay: ReplayStore = { remember: (...given) => told.push(given) > 0 }
    const { issuer, client, claims, send } = await scene({ replay, maxAge: 20, skew: 5 })
    const now = issuer.clock.now()
    await send(client.proof(claims({ jti: 'one', iat: now - 3 })))
    expect(told).toEqual([[expect.stringMatching(/^[A-Za-z0-9_-]{43}$/), now - 3 + 20 + 5, now]])
  })

  const broken: readonly [string, () => unknown, string][] = [
    [
      'throws',
      () => {
        throw new Error('down')
      },
      'verifier/replay-unavailable replay-store',
    ],
    ['rejects', () => Promise.reject(new Error('down')), 'verifier/replay-unavailable replay-store'],
    ['answers nothing', () => undefined, `${invalid} replayed`],
    ['answers a text', async () => 'OK', `${invalid} replayed`],
  ]
  for (const [name, remember, expected] of broken)
    test(`a store that ${name} lets nothing pass`, async () => {
      const { client, claims, send } = await scene({ replay: { remember } as ReplayStore })
      expect(await refusal(send(client.proof(claims())))).toBe(expected)
    })

  test('a store that is away is answered with 503 and Retry-After', async () => {
    const replay: ReplayStore = { remember: () => Promise.reject(new Error('down')) }
    const { client, claims, send } = await scene({ replay })
    const error = await send(client.proof(claims())).catch((cause: VerifierError) => cause)
    expect(challenge(error)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
  })
})
