import { decodeUnverified, generateKeyPair, importSignKey, signerOf, signJwt } from '@jotwarden/token'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('signJwt() writes the UTF-8 of any text, short or long', async () => {
  const signer = signerOf(importSignKey(generateKeyPair('ES256').privateJwk))
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.nat({ max: 9000 }).map((length) => '€'.repeat(length)),
  )
  await fc.assert(
    fc.asyncProperty(text, async (name) => {
      const token = await signJwt({ typ: 'JWT', claims: { name } }, signer)
      const [, payload = ''] = token.split('.')
      expect(payload).toBe(Buffer.from(JSON.stringify({ name }), 'utf8').toString('base64url'))
      expect(decodeUnverified(token, { maxLength: 65_536 }).claims).toEqual({ name })
    }),
    { numRuns: 200 },
  )
})
