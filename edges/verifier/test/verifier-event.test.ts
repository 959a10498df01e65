import type { VerifierEvent } from '@jotwarden/verifier'
import { describe, expect, test, vi } from 'vitest'
import { LoopbackIssuer, testKey } from './loopback-issuer.ts'

describe('events and counters', () => {
  test('tell of tokens, keys and what was refused, and of no token', async () => {
    const issuer = await LoopbackIssuer.start()
    const events: VerifierEvent[] = []
    const verifier = issuer.verifier({ onEvent: (event) => events.push(event) })
    const token = await issuer.mint()
    await verifier.verify(token)
    await verifier.verify(`${token}x`).catch(() => undefined)
    await verifier.authenticate(new Request('https://api.example/')).catch(() => undefined)
    expect(events).toEqual([
      { type: 'keys-loaded', keys: 1 },
      { type: 'accepted' },
      { type: 'refused', code: 'verifier/invalid-token', reason: 'token/base64url' },
      { type: 'refused', code: 'verifier/no-credentials', reason: undefined },
    ])
    expect(verifier.counters()).toEqual({
      accepted: 1,
      refused: 2,
      'keys-loaded': 1,
      'keys-failed': 0,
      'unknown-kid': 0,
      'cache-hit': 0,
    })
  })

  test('a flood of unknown key ids costs one load in a cooldown, and is counted', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    await verifier.ready()
    issuer.clock.pass(31)
    const stranger = testKey().signer
    const flood = Array.from({ length: 200 }, (_, at) =>
      issuer.mint({}, { ...stranger, kid: `stranger-${at}` }),
    )
    await Promise.allSettled((await Promise.all(flood)).map((token) => verifier.verify(token)))
    expect(issuer.loads).toBe(2)
    expect(verifier.counters()).toMatchObject({ 'unknown-kid': 200, 'keys-loaded': 2, refused: 200 })
  })

  test('a dead issuer is asked once by 50 requests, and is counted', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    const token = await issuer.mint()
    await issuer.stop()
    await Promise.allSettled(Array.from({ length: 50 }, () => verifier.verify(token)))
    await Promise.allSettled(Array.from({ length: 50 }, () => verifier.verify(token)))
    expect(verifier.counters()).toMatchObject({ 'keys-failed': 1, 'keys-loaded': 0, refused: 100 })
    await issuer.restart()
  })

  test('a listener that throws or rejects disturbs nothing', async () => {
    const issuer = await LoopbackIssuer.start()
    const onEvent = vi.fn(() => Promise.reject(new Error('no')) as unknown as undefined)
    const verifier = issuer.verifier({ onEvent })
    await verifier.verify(await issuer.mint())
    onEvent.mockImplementation(() => {
      throw new Error('no')
    })
    await verifier.verify(await issuer.mint())
    expect(onEvent).toHaveBeenCalledTimes(3)
  })
})
