import { Buffer } from 'node:buffer'
import { inspect } from 'node:util'
import { importSealKey, open, type SealKey, Secret, seal, sealedKid } from '@jotwarden/token'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf, codeOf, refusalOf, segment } from './samples.ts'

const key = importSealKey(segment(bytesOf('kid', 8)), Secret.fromBytes(bytesOf('seal', 32)))
const nonce = bytesOf('nonce', 12)
const plaintext = Buffer.from('what nobody may read or change')
const sealed = seal(plaintext, 'consent', key, nonce)

describe('seal and open', () => {
  test('open gives back what seal was given, for any bytes and context', () => {
    const nonces = fc.uint8Array({ minLength: 12, maxLength: 12 })
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'grapheme' }),
        nonces,
        (bytes, context, fresh) => {
          const text = seal(bytes, context, key, fresh)
          expect([...open(text, context, key)]).toEqual([...bytes])
          expect(text).toMatch(/^jwi_[A-Za-z0-9_-]+$/)
          expect(sealedKid(text)).toBe(key.kid)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('the text shows nothing of the plaintext but its length', () => {
    const bytes = Buffer.from(sealed.slice(4), 'base64url')
    expect(bytes).toHaveLength(1 + 8 + 12 + plaintext.length + 16)
    expect(bytes.includes(plaintext.subarray(0, 6))).toBe(false)
    expect(seal(plaintext, 'consent', key, bytesOf('nonce 2', 12)).slice(32)).not.toBe(sealed.slice(32))
  })

  test('open refuses every changed byte with one and the same error', () => {
    const bytes = Buffer.from(sealed.slice(4), 'base64url')
    const shown = new Set<string>()
    for (let at = 1; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      const error = refusalOf(() => open(`jwi_${changed.toString('base64url')}`, 'consent', key))
      shown.add(`${error.code} ${error.message} ${String(error.cause)}`)
    }
    expect([...shown]).toEqual([
      'sealed/refused Cannot open the sealed state: it was not sealed here for this use undefined',
    ])
  })

  test('open refuses any single-character change', () => {
    for (let at = 0; at < sealed.length; at++)
      for (const replacement of 'Aa0_-=. ')
        if (replacement !== sealed[at])
          expect(
            codeOf(() => open(sealed.slice(0, at) + replacement + sealed.slice(at + 1), 'consent', key)),
          ).toMatch(/^sealed\/(refused|malformed)$/)
  })

  test('open refuses another context and another key as it refuses changed bytes', () => {
    for (const context of ['', 'consen', 'consent ', 'consent\0', 'Consent', 'sign-in'])
      expect(codeOf(() => open(sealed, context, key))).toBe('sealed/refused')
    const sameKid = importSealKey(key.kid, Secret.fromBytes(bytesOf('other', 32)))
    const other = importSealKey(segment(bytesOf('kid 2', 8)), Secret.fromBytes(bytesOf('other', 32)))
    for (const wrong of [sameKid, other])
      expect(codeOf(() => open(sealed, 'consent', wrong))).toBe('sealed/refused')
  })

  test('open refuses cut texts', () => {
    for (let length = 0; length < sealed.length; length++)
      expect(codeOf(() => open(sealed.slice(0, length), 'consent', key))).toMatch(
        /^sealed\/(refused|malformed)$/,
      )
    expect(codeOf(() => open(`${sealed}AAAA`, 'consent', key))).toBe('sealed/refused')
  })

  test.each<unknown>([
    '',
    'jwi_',
    sealed.slice(4),
    sealed.replace('jwi_', 'jwr_'),
    `${sealed}=`,
    ` ${sealed}`,
    `jwi_${segment(new Uint8Array(36))}`,
    `jwi_${segment(Buffer.concat([Buffer.from([2]), new Uint8Array(60)]))}`,
    `jwi_${'A'.repeat(70_000)}`,
    undefined,
    null,
    7,
  ])('open and sealedKid refuse the form of %j', (odd) => {
    const text = odd as string
    expect(codeOf(() => open(text, 'consent', key))).toBe('sealed/malformed')
    expect(codeOf(() => sealedKid(text))).toBe('sealed/malformed')
  })

  test('seal refuses nonces of another length (RFC 7518 §5.3)', () => {
    for (const length of [0, 8, 11, 13, 16])
      expect(codeOf(() => seal(plaintext, 'consent', key, new Uint8Array(length)))).toBe('sealed/malformed')
  })

  test('seal makes nothing that open would find too long', () => {
    const longest = 49_149 - 37
    expect(open(seal(new Uint8Array(longest), 'consent', key, nonce), 'consent', key)).toHaveLength(longest)
    expect(codeOf(() => seal(new Uint8Array(longest + 1), 'consent', key, nonce))).toBe('sealed/malformed')
  })
})

describe('importSealKey', () => {
  test('takes 32 bytes exactly, and a kid of 8 bytes', () => {
    for (const length of [0, 16, 31, 33, 64])
      expect(codeOf(() => importSealKey(key.kid, Secret.fromBytes(new Uint8Array(length))))).toBe('key/weak')
    for (const kid of ['', 'AAAAAAAAAA', 'AAAAAAAAAAB', 'AAAAAAAAAA=', 'AAAAA+AAAAA'])
      expect(codeOf(() => importSealKey(kid, Secret.fromBytes(new Uint8Array(32))))).toBe('key/malformed')
  })

  test('makes a key that shows its kid alone, and that nothing else can stand for', () => {
    expect({ ...key }).toEqual({ kid: key.kid })
    expect(inspect(key, { depth: 9, showHidden: true })).not.toContain(segment(bytesOf('seal', 32)))
    expect(() => seal(plaintext, 'consent', { kid: key.kid } as SealKey, nonce)).toThrow(TypeError)
    expect(() => open(sealed, 'consent', { kid: key.kid } as SealKey)).toThrow()
  })
})
