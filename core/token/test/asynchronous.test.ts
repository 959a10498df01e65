import { KeySet, parseCompact, TokenError, verify, verifyAsync, verifyParsedAsync } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { algorithmAttacks } from './hostile/algorithms.ts'
import { headerAttacks } from './hostile/headers.ts'
import { payloadAttacks } from './hostile/payloads.ts'
import { segmentAttacks } from './hostile/segments.ts'
import { signatureAttacks } from './hostile/signatures.ts'
import {
  ed25519,
  es256,
  everySample,
  keyPairSample,
  PAYLOAD,
  rs256,
  signedTexts,
  signedToken,
} from './samples.ts'

const publicSamples = [es256, ed25519, rs256]

describe('verifyAsync()', () => {
  test('refuses the hostile corpus with the codes of verify()', async () => {
    const attacks = [
      ...algorithmAttacks(),
      ...signatureAttacks(),
      ...segmentAttacks(),
      ...headerAttacks(),
      ...payloadAttacks(),
    ]
    expect(attacks.length).toBeGreaterThan(700)
    const answers = await Promise.all(attacks.map(({ token, keys }) => codeOf(verifyAsync(token, keys))))
    expect(answers.map((code, at) => `${attacks[at]?.title}: ${code}`)).toEqual(
      attacks.map(({ title, code }) => `${title}: ${code}`),
    )
  })

  test.each(everySample)('gives of a token of $alg what verify() gives', async (sample) => {
    const token = signedToken(sample)
    const there = await verifyAsync(token, sample.verifyKey)
    expect(there).toEqual(verify(token, sample.verifyKey))
    expect(there.key).toBe(sample.verifyKey)
    expect(await verifyParsedAsync(parseCompact(token), sample.verifyKey)).toEqual(there)
  })

  test('heeds the limits it is given', async () => {
    const token = signedToken(es256)
    expect(await codeOf(verifyAsync(token, es256.verifyKey, { maxLength: token.length - 1 }))).toBe(
      'token/too-large',
    )
    await expect(verifyAsync(token, es256.verifyKey, { maxLength: token.length })).resolves.toMatchObject({
      typ: 'JWT',
    })
  })

  test('finds among several keys the one that signed a token without a kid', async () => {
    const others = [keyPairSample('ES256', 'one'), keyPairSample('ES256', 'two')]
    const set = KeySet.fromJwks({ keys: [...others, es256].map(({ publicJwk }) => publicJwk) })
    const token = signedTexts('{"alg":"ES256"}', PAYLOAD, es256)
    expect((await verifyAsync(token, set)).key.kid).toBe(es256.kid)
    const strangers = KeySet.fromJwks({ keys: others.map(({ publicJwk }) => publicJwk) })
    expect(await codeOf(verifyAsync(token, strangers))).toBe('token/signature')
  })
})

describe('KeySet.load()', () => {
  test('makes the set that fromJwks() makes, without the keys that cannot be used', async () => {
    const keys = [{ kty: 'unknown' }, ...publicSamples.map(({ publicJwk }) => publicJwk), null]
    const loaded = await KeySet.load({ keys })
    expect(loaded.size).toBe(KeySet.fromJwks({ keys }).size)
    for (const sample of publicSamples)
      expect((await verifyAsync(signedToken(sample), loaded)).key.kid).toBe(sample.kid)
  })

  test.each([
    ['a private key', { keys: [ed25519.publicJwk, es256.privateJwk] }, 'key/private-in-public-set'],
    ['two keys of one name', { keys: [es256.publicJwk, es256.publicJwk] }, 'key/malformed'],
    ['no keys', {}, 'key/malformed'],
  ])('rejects %s', async (_, jwks, code) => {
    expect(await codeOf(KeySet.load(jwks))).toBe(code)
  })
})

async function codeOf(act: Promise<unknown>): Promise<string> {
  return act.then(
    () => 'accepted',
    (error: unknown) => (error instanceof TokenError ? error.code : String(error)),
  )
}
