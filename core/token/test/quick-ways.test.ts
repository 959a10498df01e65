import { createHmac } from 'node:crypto'
import { importSecretKey, Secret, type TokenError, type VerifyKey, verify } from '@jotwarden/token'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** What is done the quick way must end as the slow way does; see `compact.ts`, `known-headers.ts`, `platform/`. */

describe('HS256 of two digests', () => {
  test('is HMAC-SHA-256 (RFC 2104), whatever the lengths of key and token', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 48, maxLength: 200 }),
        fc.string({ maxLength: 9000 }),
        (bytes, text) => {
          fc.pre(new Set(bytes).size > 24)
          const token = signed(bytes, encoded(HEADER), encoded({ text }))
          expect(verify(token, keyOf(bytes)).claims).toEqual({ text })
          const [last = 0] = bytes.slice(-1)
          expect(codeOf(() => verify(token, keyOf(Uint8Array.of(...bytes.slice(0, -1), last ^ 1))))).toBe(
            'token/signature',
          )
        },
      ),
      { numRuns: 100 },
    )
  })

  test('takes tokens longer than its buffers', () => {
    const token = signed(SECRET, encoded(HEADER), encoded({ text: 'x'.repeat(40_000) }))
    expect(verify(token, KEY, { maxLength: 65_536 }).claims.text).toHaveLength(40_000)
  })
})

describe('a header that was verified before', () => {
  test('vouches for no other signature, key or payload', () => {
    const good = signed(SECRET, encoded(HEADER), encoded({ sub: 'a' }))
    expect(verify(good, KEY).claims).toEqual({ sub: 'a' })
    const forged = `${good.slice(0, good.lastIndexOf('.'))}.${'A'.repeat(43)}`
    expect(codeOf(() => verify(forged, KEY))).toBe('token/signature')
    expect(codeOf(() => verify(good, keyOf(SECRET, 'another')))).toBe('token/unknown-key')
    expect(codeOf(() => verify(signed(SECRET, encoded(HEADER), 'e30='), KEY))).toBe('token/base64url')
    expect(codeOf(() => verify(signed(SECRET, encoded(HEADER), 'W10'), KEY))).toBe('token/json')
  })

  test('is frozen throughout, since the next token shows it too', () => {
    const header = { ...HEADER, ext: { deep: ['x'] } }
    const read = (): unknown => verify(signed(SECRET, encoded(header), encoded({})), KEY).header
    for (const one of [read(), read()]) {
      expect(one).toEqual(header)
      const { ext } = one as typeof header
      expect([one, ext, ext.deep].every(Object.isFrozen)).toBe(true)
    }
  })

  test('is read once: the next token shows the same object', () => {
    const header = encoded({ ...HEADER, note: 'of this test alone' })
    const token = (sub: string): string => signed(SECRET, header, encoded({ sub }))
    const { header: first } = verify(token('a'), KEY)
    expect(verify(token('b'), KEY).header).toBe(first)
  })

  test('is read as it stands, among more headers than are kept', () => {
    for (let round = 0; round < 2; round++)
      for (let index = 0; index < 600; index++) {
        const header = { ...HEADER, kid: `key-${index}` }
        const token = signed(SECRET, encoded(header), encoded({ index }))
        expect(verify(token, keyOf(SECRET, header.kid))).toMatchObject({ header, claims: { index } })
      }
  })
})

describe('the quick way to a payload', () => {
  test('takes U+FFFD itself, and refuses what decoders put it in place of', () => {
    const text = 'a\ufffdb'
    expect(verify(signed(SECRET, encoded(HEADER), encoded({ text })), KEY).claims).toEqual({ text })
    const broken = Buffer.from('{"text":"a\xffb"}', 'latin1').toString('base64url')
    expect(codeOf(() => verify(signed(SECRET, encoded(HEADER), broken), KEY))).toBe('token/json')
  })

  test('refuses a character whose low byte is the right one, in every segment', () => {
    const good = signed(SECRET, encoded(HEADER), encoded({ sub: 'a' }))
    for (let at = 0; at < good.length; at++) {
      if (good[at] === '.') continue
      const twin = String.fromCharCode(good.charCodeAt(at) + 0x100)
      const token = `${good.slice(0, at)}${twin}${good.slice(at + 1)}`
      expect(codeOf(() => verify(token, KEY))).toBe('token/base64url')
    }
  })

  test('refuses what decoders skip or take for the same, in every segment', () => {
    const good = signed(SECRET, encoded(HEADER), encoded({ text: '\u00bf\u00be\u00ff?~' }))
    for (const between of [' ', '\n', '\t', '=', '+', '/', '\u00a0', '\0'])
      for (let at = 0; at <= good.length; at++) {
        expect(codeOf(() => verify(good.slice(0, at) + between + good.slice(at), KEY))).toBe(
          'token/base64url',
        )
      }
    const swapped = good.replace('-', '+').replace('_', '/')
    expect(swapped).not.toBe(good)
    expect(codeOf(() => verify(swapped, KEY))).toBe('token/base64url')
  })
})

function signed(secret: Uint8Array, header: string, payload: string): string {
  const input = `${header}.${payload}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url')
}

function keyOf(secret: Uint8Array, kid: string = HEADER.kid): VerifyKey {
  return importSecretKey(Secret.fromBytes(secret), { alg: 'HS256', kid }).verify
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return (error as TokenError).code
  }
}

const HEADER = { alg: 'HS256', typ: 'JWT', kid: 'a-key' }
const SECRET: Uint8Array = createHmac('sha512', 'seed').update('secret').digest()
const KEY = keyOf(SECRET)
