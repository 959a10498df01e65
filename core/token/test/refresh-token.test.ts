import { Buffer } from 'node:buffer'
import { createHmac } from 'node:crypto'
import { inspect } from 'node:util'
import {
  checkInnerTag,
  checkOuterTag,
  decodeBase64url,
  encodeBase64url,
  importMacKey,
  type MacKey,
  makeRefreshToken,
  parseRefreshToken,
  Secret,
} from '@jotwarden/token'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf, codeOf, refusalOf, segment } from './samples.ts'

const ISSUER = 'https://issuer.example'
const keyBytes = bytesOf('mac', 32)
const key = importMacKey(segment(bytesOf('kid', 8)), Secret.fromBytes(keyBytes))
const seed = bytesOf('seed', 32)
const sessionId = segment(bytesOf('session', 16))
const token = makeRefreshToken({ sessionId, generation: 7 }, { issuer: ISSUER, seed }, key)

describe('makeRefreshToken', () => {
  test('lays out kid, session, generation and two tags in 60 bytes, 84 characters with the prefix', () => {
    expect(token).toMatch(/^jwr_[A-Za-z0-9_-]{80}$/)
    const bytes = Buffer.from(decodeBase64url(token.slice(4)))
    expect(bytes).toHaveLength(60)
    expect(encodeBase64url(bytes.subarray(0, 8))).toBe(key.kid)
    expect(encodeBase64url(bytes.subarray(8, 24))).toBe(sessionId)
    expect(bytes.readUInt32BE(24)).toBe(7)
    expect(token).toBe(assembled(bytes.subarray(0, 28), keyBytes, seed))
  })

  test('gives the same text for the same parts, whichever way the seed is held', () => {
    const again = makeRefreshToken(
      { sessionId, generation: 7 },
      { issuer: ISSUER, seed: Secret.fromBytes(seed) },
      key,
    )
    expect(again).toBe(token)
  })

  test('gives another text, tags included, when any part differs', () => {
    const otherKey = importMacKey(key.kid, Secret.fromBytes(bytesOf('other mac', 32)))
    const texts = [
      token,
      makeRefreshToken({ sessionId, generation: 8 }, { issuer: ISSUER, seed }, key),
      makeRefreshToken(
        { sessionId: segment(bytesOf('s2', 16)), generation: 7 },
        { issuer: ISSUER, seed },
        key,
      ),
      makeRefreshToken({ sessionId, generation: 7 }, { issuer: `${ISSUER}/`, seed }, key),
      makeRefreshToken({ sessionId, generation: 7 }, { issuer: ISSUER, seed: bytesOf('seed 2', 32) }, key),
      makeRefreshToken({ sessionId, generation: 7 }, { issuer: ISSUER, seed }, otherKey),
    ]
    expect(new Set(texts.map((text) => text.slice(-22))).size).toBe(texts.length)
    expect(new Set(texts.map((text) => encodeBase64url(parseRefreshToken(text).innerTag))).size).toBe(
      texts.length,
    )
  })

  test('refuses parts of another form', () => {
    const context = { issuer: ISSUER, seed }
    for (const generation of [-1, 1.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY])
      expect(codeOf(() => makeRefreshToken({ sessionId, generation }, context, key))).toBe(
        'refresh/malformed',
      )
    for (const odd of ['', sessionId.slice(1), `${sessionId}A`, `${sessionId.slice(0, -1)}_`, '!'.repeat(22)])
      expect(codeOf(() => makeRefreshToken({ sessionId: odd, generation: 0 }, context, key))).toBe(
        'refresh/malformed',
      )
    for (const length of [0, 31, 33])
      expect(
        codeOf(() =>
          makeRefreshToken(
            { sessionId, generation: 0 },
            { issuer: ISSUER, seed: new Uint8Array(length) },
            key,
          ),
        ),
      ).toBe('refresh/malformed')
  })
})

describe('parseRefreshToken', () => {
  test('reads every session and generation that can be written', () => {
    const session = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => encodeBase64url(bytes))
    const generations = fc.oneof(
      fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    )
    fc.assert(
      fc.property(session, generations, fc.string(), (id, generation, issuer) => {
        const made = makeRefreshToken({ sessionId: id, generation }, { issuer, seed }, key)
        const parsed = parseRefreshToken(made)
        expect(parsed).toMatchObject({ kid: key.kid, sessionId: id, generation })
        expect(checkOuterTag(parsed, issuer, key) && checkInnerTag(parsed, issuer, seed, key)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  const malformed = [
    '',
    'jwr_',
    'jwr',
    token.slice(4),
    token.slice(0, -1),
    `${token}A`,
    `${token}AAAA`,
    `${token}=`,
    ` ${token}`,
    `${token}\n`,
    token.toUpperCase(),
    token.replace('jwr_', 'JWR_'),
    token.replace('jwr_', 'jwi_'),
    token.replace('jwr_', 'jwr-'),
    `${token.slice(0, -1)}+`,
    `${token.slice(0, -1)}/`,
    `${token.slice(0, -1)}=`,
    `${token.slice(0, -1)} `,
    `${token.slice(0, -1)}é`,
    `${token.slice(0, 40)}.${token.slice(41)}`,
    token + token,
    'jwr_'.repeat(20),
    'x'.repeat(1_000_000),
    `jwr_${'A'.repeat(1_000_000)}`,
  ]
  test.each(malformed.map((text) => [text.slice(0, 90), text] as const))(
    'refuses %j and does not repeat it',
    (_, text) => {
      const error = refusalOf(() => parseRefreshToken(text))
      expect(error.code).toBe('refresh/malformed')
      expect(inspect(error)).not.toContain(token.slice(10, 30))
    },
  )

  test.each<unknown>([undefined, null, 1, {}, [token], Buffer.from(token)])('refuses %s', (odd) => {
    expect(codeOf(() => parseRefreshToken(odd as string))).toBe('refresh/malformed')
  })
})

describe('checkOuterTag and checkInnerTag', () => {
  const parsed = parseRefreshToken(token)

  test('any single-character change is refused by the form or by the outer tag', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. '
    for (let at = 0; at < token.length; at++)
      for (const replacement of alphabet)
        if (replacement !== token[at])
          expect(accepted(token.slice(0, at) + replacement + token.slice(at + 1))).toBe(false)
    expect(accepted(token)).toBe(true)
  })

  test('refuse another issuer, also one that only continues it', () => {
    for (const issuer of [
      '',
      'https://issuer.exampl',
      `${ISSUER}/`,
      `${ISSUER}\0`,
      'https://other.example',
      ISSUER.toUpperCase(),
    ]) {
      expect(checkOuterTag(parsed, issuer, key)).toBe(false)
      expect(checkInnerTag(parsed, issuer, seed, key)).toBe(false)
    }
  })

  test('refuse another key, also under the same kid', () => {
    const sameKid = importMacKey(key.kid, Secret.fromBytes(bytesOf('other mac', 32)))
    const otherKid = importMacKey(segment(bytesOf('kid 2', 8)), Secret.fromBytes(keyBytes))
    for (const other of [sameKid, otherKid]) {
      expect(checkOuterTag(parsed, ISSUER, other)).toBe(false)
      expect(checkInnerTag(parsed, ISSUER, seed, other)).toBe(false)
    }
  })

  test('refuse another session or generation beside the same tags', () => {
    for (const changed of [{ generation: 6 }, { generation: 8 }, { sessionId: segment(bytesOf('s2', 16)) }]) {
      expect(checkOuterTag({ ...parsed, ...changed }, ISSUER, key)).toBe(false)
      expect(checkInnerTag({ ...parsed, ...changed }, ISSUER, seed, key)).toBe(false)
    }
  })

  test('checkInnerTag refuses another seed, which checkOuterTag cannot see', () => {
    expect(checkOuterTag(parsed, ISSUER, key)).toBe(true)
    expect(checkInnerTag(parsed, ISSUER, bytesOf('seed 2', 32), key)).toBe(false)
    expect(checkInnerTag(parsed, ISSUER, Secret.fromBytes(seed), key)).toBe(true)
  })

  test('a stolen key without the seed passes the outer tag and fails the inner one', () => {
    const body = Buffer.from(decodeBase64url(token.slice(4))).subarray(0, 28)
    body.writeUInt32BE(8, 24)
    const stolen = { key: keyBytes, seeds: [new Uint8Array(32), keyBytes, bytesOf('guess', 32)] }
    for (const guess of stolen.seeds) {
      const forged = parseRefreshToken(assembled(body, stolen.key, guess))
      expect(checkOuterTag(forged, ISSUER, key)).toBe(true)
      expect(checkInnerTag(forged, ISSUER, seed, key)).toBe(false)
    }
  })

  test('the inner and the outer tag do not stand for one another', () => {
    expect(checkOuterTag({ ...parsed, outerTag: parsed.innerTag }, ISSUER, key)).toBe(false)
    expect(checkInnerTag({ ...parsed, innerTag: parsed.outerTag }, ISSUER, seed, key)).toBe(false)
  })

  test('refuse tags of another length', () => {
    for (const odd of [new Uint8Array(0), parsed.outerTag.subarray(0, 15), new Uint8Array(32)]) {
      expect(checkOuterTag({ ...parsed, outerTag: odd }, ISSUER, key)).toBe(false)
      expect(checkInnerTag({ ...parsed, innerTag: odd }, ISSUER, seed, key)).toBe(false)
    }
  })

  test('throw for a key that only looks like one', () => {
    const lookAlike = { kid: key.kid, tag: () => parsed.outerTag } as unknown
    expect(() => checkOuterTag(parsed, ISSUER, lookAlike as MacKey)).toThrow(TypeError)
  })
})

describe('importMacKey', () => {
  test('refuses a kid that is not 8 bytes of base64url', () => {
    for (const kid of ['', 'AAAAAAAAAA', 'AAAAAAAAAAAA', 'AAAAAAAAAAB', 'AAAAA+AAAAA', 'AAAAAAAAAA='])
      expect(codeOf(() => importMacKey(kid, Secret.fromBytes(keyBytes)))).toBe('key/malformed')
  })

  test('makes a key that shows its kid alone', () => {
    const shown = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key)
    expect(shown).not.toContain(segment(keyBytes))
    expect({ ...key }).toEqual({ kid: key.kid })
  })
})

function accepted(text: string): boolean {
  try {
    return checkOuterTag(parseRefreshToken(text), ISSUER, key)
  } catch {
    return false
  }
}

/** The token as its documentation says, made without this package. */
function assembled(body: Uint8Array, mac: Uint8Array, seedBytes: Uint8Array): string {
  const issuer = Buffer.from(ISSUER)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(issuer.length)
  const tag = (label: string, ...rest: readonly Uint8Array[]): Buffer => {
    const message = Buffer.concat([
      Buffer.from(`jotwarden/refresh/${label}\0`),
      length,
      issuer,
      body,
      ...rest,
    ])
    return createHmac('sha256', mac).update(message).digest().subarray(0, 16)
  }
  const inner = tag('inner', seedBytes)
  return `jwr_${Buffer.concat([body, inner, tag('outer', inner)]).toString('base64url')}`
}
