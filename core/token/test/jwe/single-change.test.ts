import { decrypt, encrypt } from '@jotwarden/token/jwe'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asyncCodeOf, dirSample, type JweSample, pairSample, systemRandom, wrapSample } from './samples.ts'

const samples: readonly JweSample[] = [
  dirSample('A256GCM', 32),
  dirSample('A128CBC-HS256', 32),
  wrapSample('A256KW', 32, 'A256GCM'),
  wrapSample('A128GCMKW', 16, 'A256CBC-HS512'),
  await pairSample('RSA-OAEP-256', '', 'A256GCM'),
  await pairSample('ECDH-ES', 'P-256', 'A128GCM'),
  await pairSample('ECDH-ES+A256KW', 'X25519', 'A192CBC-HS384'),
]
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe.each(samples)(
  'decrypt, $title: any single-character change of a valid token is refused',
  (sample) => {
    test('at random', async () => {
      const token = await encrypt(new TextEncoder().encode('a plaintext'), sample.encrypt, systemRandom)
      const character = fc.oneof(
        fc.constantFrom(...BASE64URL),
        fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
      )
      const property = fc.asyncProperty(fc.nat(token.length - 1), character, async (at, replacement) => {
        fc.pre(token[at] !== replacement)
        await asyncCodeOf(decrypt(token.slice(0, at) + replacement + token.slice(at + 1), sample.decrypt))
      })
      await fc.assert(property, { numRuns: 300 })
    })

    test('one bit of each byte of each segment, and the refusal of all but the header is the same', async () => {
      const token = await encrypt(new TextEncoder().encode('a plaintext'), sample.encrypt, systemRandom)
      const segments = token.split('.')
      for (const [index, segment] of segments.entries()) {
        const bytes = Buffer.from(segment, 'base64url')
        for (let at = 0; at < bytes.length; at++) {
          const changed = Buffer.from(bytes)
          changed.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at)
          const code = await asyncCodeOf(
            decrypt(segments.with(index, changed.toString('base64url')).join('.'), sample.decrypt),
          )
          if (index > 0) expect(code).toBe('jwe/refused')
        }
      }
    })

    test('a removal, a doubling, a cut at every place', async () => {
      const token = await encrypt(new TextEncoder().encode('a plaintext'), sample.encrypt, systemRandom)
      for (let at = 0; at < token.length; at++) {
        await asyncCodeOf(decrypt(token.slice(0, at) + token.slice(at + 1), sample.decrypt))
        await asyncCodeOf(decrypt(token.slice(0, at) + token.charAt(at) + token.slice(at), sample.decrypt))
        await asyncCodeOf(decrypt(token.slice(0, at), sample.decrypt))
      }
    })
  },
)
