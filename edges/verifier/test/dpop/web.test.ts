import { Buffer } from 'node:buffer'
import { dpop } from '@jotwarden/verifier/dpop'
import { type OutputChunk, rolldown } from 'rolldown'
import { beforeAll, describe, expect, test } from 'vitest'
import { DpopClient, parts, proofClaims } from './dpop-client.ts'

const now = 1_800_000_000
const secret = 'k2P9vQ4sX7bN1mZ8wR5tY3uJ6hG0fD+c'

/** The subpath as a bundler for browsers makes it: on WebCrypto. Node has the same globals, so it runs here. */
async function webBundle(): Promise<string> {
  const bundle = await rolldown({
    input: '@jotwarden/verifier/dpop',
    platform: 'browser',
    resolve: { conditionNames: ['jotwarden-source', 'browser', 'import', 'default'] },
  })
  const { output } = await bundle.generate({ format: 'esm' })
  await bundle.close()
  return output
    .filter((one): one is OutputChunk => one.type === 'chunk')
    .map(({ code }) => code)
    .join('')
}

describe('dpop() on WebCrypto', () => {
  let code: string
  let web: typeof dpop
  beforeAll(async () => {
    code = await webBundle()
    web = (await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)).dpop
  })

  // Its errors are of a class of its own
  async function verdict(act: Promise<unknown>): Promise<string> {
    return act.then(
      () => 'accepted',
      (error: { readonly code?: string; readonly reason?: string }) => `${error.code} ${error.reason}`,
    )
  }

  test('holds nothing of Node', () => {
    expect(code).not.toMatch(/node:|\bBuffer\b|\bprocess\.[a-z]/)
  })

  test('takes a proof once, and refuses what is wrong with another', async () => {
    const client = new DpopClient()
    const way = web({ nonce: null })
    const check = (proof: string) =>
      verdict(way.check(parts([['dpop', proof]]), 'token', client.thumbprint, now))
    const proof = client.proof(proofClaims('token', now))
    expect(await check(proof)).toBe('accepted')
    expect(await check(proof)).toBe('verifier/invalid-dpop-proof replayed')
    const wrong: readonly [string, string][] = [
      [client.proof(proofClaims('other', now)), 'wrong-token'],
      [new DpopClient().proof(proofClaims('token', now)), 'wrong-key'],
      [new DpopClient().proof(proofClaims('token', now), { jwk: client.jwk }), 'token/signature'],
      [
        client.proof(proofClaims('token', now), { jwk: { ...client.jwk, d: 'AA' } }),
        'key/private-in-public-set',
      ],
      [client.proof(proofClaims('token', now, { iat: now - 90 })), 'expired'],
    ]
    for (const [sent, reason] of wrong)
      expect(await check(sent)).toBe(`verifier/invalid-dpop-proof ${reason}`)
  })

  test('makes the nonces that Node makes under the same secret', async () => {
    const client = new DpopClient()
    const nonceOf = (make: typeof dpop): Promise<unknown> =>
      make({ nonce: { secret } })
        .check(parts([['dpop', client.proof(proofClaims('token', now))]]), 'token', client.thumbprint, now)
        .catch((error: { readonly nonce?: string }) => error.nonce)
    const nonce = await nonceOf(web)
    expect(nonce).toMatch(/^[\w-]{22}$/)
    expect(await nonceOf(dpop)).toBe(nonce)
    const request = parts([['dpop', client.proof(proofClaims('token', now, { nonce }))]])
    expect(await web({ nonce: { secret } }).check(request, 'token', client.thumbprint, now)).toEqual({})
  })

  test('refuses a weak secret at once', () => {
    expect(() => web({ nonce: { secret: 'a'.repeat(64) } })).toThrow(
      expect.objectContaining({ code: 'verifier/options' }),
    )
  })
})
