import { type DpopOptions, dpop } from '@jotwarden/verifier/dpop'
import { describe, expect, test } from 'vitest'
import { refusal } from '../loopback-issuer.ts'
import { invalid, scene } from './dpop-scene.ts'

describe('dpop() options', () => {
  const wrong: readonly [string, unknown][] = [
    ['dpop', null],
    ['dpop.unknown', { unknown: true }],
    ['dpop.required', { required: 'no' }],
    ['dpop.origin', { origin: 'api.example' }],
    ['dpop.origin', { origin: 'https://api.example/v1' }],
    ['dpop.origin', { origin: 'https://api.example/?a' }],
    ['dpop.origin', { origin: 'https://me@api.example' }],
    ['dpop.origin', { origin: 'ftp://api.example' }],
    ['dpop.algorithms', { algorithms: [] }],
    ['dpop.algorithms', { algorithms: ['HS256'] }],
    ['dpop.algorithms', { algorithms: ['none'] }],
    ['dpop.maxAge', { maxAge: 61 }],
    ['dpop.maxAge', { maxAge: null }],
    ['dpop.skew', { skew: -1 }],
    ['dpop.skew', { skew: Number.NaN }],
    ['dpop.nonce', { nonce: 'secret' }],
    ['dpop.nonce.secrets', { nonce: { secrets: [] } }],
    ['dpop.nonce.secret', { nonce: { secret: 'short' } }],
    ['dpop.nonce.secret', { nonce: { secret: 'a'.repeat(64) } }],
    ['dpop.nonce.secret', { nonce: { secret: 32 } }],
    ['dpop.nonce.lifetime', { nonce: { lifetime: 1 } }],
    ['dpop.replay', { replay: null }],
    ['dpop.replay', { replay: new Map() }],
  ]
  for (const [option, options] of wrong)
    test(`are refused at once: ${option} of ${JSON.stringify(options)}`, () => {
      expect(() => dpop(options as DpopOptions)).toThrow(
        expect.objectContaining({
          code: 'verifier/options',
          message: expect.stringContaining(`option ${option} `),
        }),
      )
    })

  test('algorithms narrows what passes and what a challenge offers', async () => {
    const { client, claims, send, verifier } = await scene({ algorithms: ['Ed25519'] })
    expect(await refusal(send(client.proof(claims())))).toBe(`${invalid} token/alg`)
    expect(verifier.challenges.algs).toEqual(['Ed25519'])
  })
})
