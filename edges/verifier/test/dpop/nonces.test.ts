import { Secret } from '@jotwarden/token'
import { challenge, VerifierError } from '@jotwarden/verifier'
import { dpop } from '@jotwarden/verifier/dpop'
import { describe, expect, test } from 'vitest'
import { refusal } from '../loopback-issuer.ts'
import { DpopClient, parts, proofClaims } from './dpop-client.ts'
import { scene } from './dpop-scene.ts'

const SECRET = 'k2P9vQ4sX7bN1mZ8wR5tY3uJ6hG0fD+c'

/** The nonce that a refusal brings. */
async function handedOut(act: Promise<unknown>): Promise<string> {
  const error = await act.catch((cause: unknown) => cause)
  if (error instanceof VerifierError && error.code === 'verifier/use-dpop-nonce') return error.nonce ?? ''
  throw error
}

/** A client that has been given a nonce. */
async function withNonce(nonce = {}) {
  const one = await scene({ nonce })
  const first = await handedOut(one.send(one.client.proof(one.claims())))
  const send = (given: unknown) => one.send(one.client.proof(one.claims({ nonce: given })))
  return { ...one, nonce: first, send }
}

describe('dpop() nonces (RFC 9449 §9)', () => {
  test('are asked for unless null is written, with a 401 and a nonce', async () => {
    const one = await scene({ nonce: {} })
    const error = await one.send(one.client.proof(one.claims())).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'verifier/use-dpop-nonce', reason: 'nonce-missing' })
    expect(challenge(error).status).toBe(401)
    const { headers } = challenge(error, one.verifier.challenges)
    expect(headers['www-authenticate']).toMatch(/^DPoP error="use_dpop_nonce"/)
    expect(headers['dpop-nonce']).toMatch(/./)
  })

  test('handed out are accepted, as often as there are proofs, and no other is given while they are young', async () => {
    const { nonce, send } = await withNonce()
    for (let count = 0; count < 3; count += 1) expect((await send(nonce)).responseHeaders).toEqual({})
  })

  test('let no proof pass without one any more', async () => {
    const { client, claims, verifier, token, nonce, send } = await withNonce()
    await send(nonce)
    const request = parts([
      ['authorization', `DPoP ${token}`],
      ['dpop', client.proof(claims())],
    ])
    expect(await refusal(verifier.authenticate(request))).toBe('verifier/use-dpop-nonce nonce-missing')
  })

  test('are 128 bits of NQCHAR', async () => {
    expect((await withNonce()).nonce).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]{22,}$/)
  })

  test('of others are refused, and a good one is given', async () => {
    const { nonce, send } = await withNonce()
    for (const other of [
      'guess',
      'A'.repeat(nonce.length),
      `${nonce}A`,
      nonce.slice(1),
      nonce.toLowerCase(),
    ]) {
      expect(await refusal(send(other))).toBe('verifier/use-dpop-nonce nonce-unknown')
      expect(await handedOut(send(other))).toBe(nonce)
    }
  })

  test('of a wrong type are refused as any claim of a wrong type', async () => {
    const { send } = await withNonce()
    for (const other of [1, null, '', ['a']])
      expect(await refusal(send(other))).toBe('verifier/invalid-dpop-proof malformed-claim')
  })

  test('are good for their lifetime at least; then the next comes with an answer, and the old one ends', async () => {
    const { issuer, token, nonce, client, verifier } = await withNonce({ lifetime: 100 })
    const send = async (given: string) => {
      const fresh = proofClaims(token, issuer.clock.now(), { nonce: given })
      const proof = client.proof(fresh)
      return verifier.authenticate(
        parts([
          ['authorization', `DPoP ${token}`],
          ['dpop', proof],
        ]),
      )
    }
    issuer.clock.pass(100)
    const next = (await send(nonce)).responseHeaders['dpop-nonce'] ?? ''
    expect(next).not.toBe(nonce)
    expect((await send(next)).responseHeaders).toEqual({})
    issuer.clock.pass(100)
    expect(await refusal(send(nonce))).toBe('verifier/use-dpop-nonce nonce-unknown')
    expect((await send(next)).responseHeaders['dpop-nonce']).not.toBe(next)
  })

  test('are the same in all who share the secret, as a text or as bytes, and in no other', async () => {
    const at = 1_800_000_000
    const client = new DpopClient()
    const nonceOf = (nonce: { secret?: string | Secret; lifetime?: number }): Promise<string> => {
      const request = parts([['dpop', client.proof(proofClaims('token', at))]])
      return handedOut(dpop({ nonce }).check(request, 'token', client.thumbprint, at))
    }
    const shared = await nonceOf({ secret: SECRET })
    expect(await nonceOf({ secret: Secret.fromText(SECRET) })).toBe(shared)
    expect(await nonceOf({ secret: `${SECRET}x` })).not.toBe(shared)
    expect(await nonceOf({ secret: SECRET, lifetime: 60 })).not.toBe(shared)
    const [one, other] = [await nonceOf({}), await nonceOf({})]
    expect(one).not.toBe(other)
  })

  test('of a process whose clock is a little ahead are accepted', async () => {
    const client = new DpopClient()
    const nonce = { secret: SECRET, lifetime: 100 }
    const [here, ahead] = [dpop({ nonce }), dpop({ nonce })]
    const check = (who: typeof here, now: number, more = {}) => {
      const request = parts([['dpop', client.proof(proofClaims('token', now, more))]])
      return who.check(request, 'token', client.thumbprint, now)
    }
    const given = await handedOut(check(ahead, 1_800_000_000))
    expect(await check(here, 1_799_999_999, { nonce: given })).toHaveProperty('dpop-nonce')
    expect(await refusal(check(here, 1_799_999_899, { nonce: given }))).toBe(
      'verifier/use-dpop-nonce nonce-unknown',
    )
  })

  test('are not looked at where null is written', async () => {
    const { client, claims, send } = await scene({ nonce: null })
    const auth = await send(client.proof(claims({ nonce: 'of the authority' })))
    expect(auth.responseHeaders).toEqual({})
  })
})
