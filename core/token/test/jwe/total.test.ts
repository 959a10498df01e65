import { TokenError } from '@jotwarden/token'
import { decrypt, encrypt } from '@jotwarden/token/jwe'
import fc from 'fast-check'
import { compactDecrypt } from 'jose'
import { describe, expect, test } from 'vitest'
import { bytesOf } from '../samples.ts'
import { dirSample, pairSample, passwordSample, sealedDirect, systemRandom, wrapSample } from './samples.ts'

const direct = dirSample('A256GCM', 32)
const samples = [
  direct,
  wrapSample('A256GCMKW', 32, 'A256GCM'),
  passwordSample('PBES2-HS256+A128KW', 'A128GCM'),
  await pairSample('ECDH-ES', 'P-521', 'A128GCM'),
  await pairSample('ECDH-ES+A128KW', 'X25519', 'A128CBC-HS256'),
]

const name = fc.oneof(
  fc.constantFrom('alg', 'enc', 'kid', 'typ', 'cty', 'zip', 'crit', 'b64', 'jwk', 'jku', 'x5c'),
  fc.constantFrom('epk', 'apu', 'apv', 'iv', 'tag', 'p2s', 'p2c', 'iss', 'toString', '__proto__'),
  fc.string(),
)
const value = fc.oneof(
  fc.constantFrom('dir', 'A256GCM', 'DEF', 'JWT', 'AAAA', 2_147_483_647),
  fc.jsonValue({ maxDepth: 3 }),
)

describe('decrypt is total', () => {
  test('whatever the text, it decrypts or ends in a TokenError', async () => {
    const part = fc.string({ unit: fc.constantFrom(...'AZaz09-_{}".=+ ') })
    const text = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 7 }).map((parts) => parts.join('.')),
    )
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...samples), async (token, sample) => {
        await expect(decrypt(token, sample.decrypt)).rejects.toBeInstanceOf(TokenError)
      }),
      { numRuns: 500 },
    )
  })

  test.each(samples)('whatever is put into the header of a token of $title', async (sample) => {
    const token = await encrypt(Uint8Array.of(1), sample.encrypt, systemRandom)
    const header = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('utf8'))
    await fc.assert(
      fc.asyncProperty(name, value, async (member, changed) => {
        fc.pre(JSON.stringify(header[member]) !== JSON.stringify(changed))
        const json = JSON.stringify(Object.fromEntries([...Object.entries(header), [member, changed]]))
        const altered = Buffer.from(json).toString('base64url') + token.slice(token.indexOf('.'))
        await expect(decrypt(altered, sample.decrypt)).rejects.toBeInstanceOf(TokenError)
      }),
      { numRuns: 150 },
    )
  })
})

// What plain jose takes and we refuse has one of these reasons; what we take, jose takes as well.
const RULES: ReadonlySet<string> = new Set([
  'token/header',
  'token/json',
  'token/limits',
  'token/unknown-key',
  'token/duplicate-member',
  'jwe/parameter',
  'jwe/zip',
])

test('under a header of any members, sealed as it should be, decrypt and plain jose differ by rule only', async () => {
  let both = 0
  let neither = 0
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 3 }), async (members) => {
      const json = JSON.stringify({ alg: 'dir', enc: 'A256GCM', ...members })
      const token = sealedDirect(json)
      const [ours, joses] = await Promise.allSettled([
        decrypt(token, direct.decrypt),
        compactDecrypt(token, bytesOf('dir A256GCM', 32)),
      ])
      if (ours.status === 'fulfilled') {
        expect(joses.status).toBe('fulfilled')
        both++
      } else if (joses.status === 'rejected') neither++
      else expect(RULES).toContain(ours.reason.code)
    }),
    { numRuns: 1000 },
  )
  // A property that never sees one side would show nothing
  expect(both).toBeGreaterThan(50)
  expect(neither).toBeGreaterThan(50)
})
