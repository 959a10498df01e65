import { Buffer } from 'node:buffer'
import { inspect } from 'node:util'
import {
  decodeBase64url,
  decodeUnverified,
  importVerifyKey,
  KeySet,
  type KeySource,
  parseCompact,
  TokenError,
  type UnverifiedToken,
  type VerifiedClaims,
  type VerifyKey,
  verify,
  verifyParsed,
} from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { algorithmAttacks } from './hostile/algorithms.ts'
import { headerAttacks, ignoredMembers } from './hostile/headers.ts'
import type { HostileToken } from './hostile/hostile-token.ts'
import { payloadAttacks } from './hostile/payloads.ts'
import { segmentAttacks } from './hostile/segments.ts'
import { N, signatureAttacks } from './hostile/signatures.ts'
import {
  CANARY,
  codeOf,
  es256,
  everySample,
  keyPairSample,
  PAYLOAD,
  refusalOf,
  segment,
  signedTexts,
  signedToken,
} from './samples.ts'

const corpus: readonly (readonly [string, readonly HostileToken[]])[] = [
  ['algorithm', algorithmAttacks()],
  ['signature', signatureAttacks()],
  ['segment', segmentAttacks()],
  ['header', headerAttacks()],
  ['payload', payloadAttacks()],
]

describe.each(corpus)('verify refuses a hostile %s', (_, attacks) => {
  test.each(attacks)('$title', ({ token, keys, code }) => {
    expect(codeOf(() => verify(token, keys))).toBe(code)
  })
})

test('TokenError: no refusal of the corpus says a part of the token', () => {
  const attacks = corpus.flatMap(([, group]) => group)
  expect(attacks.length).toBeGreaterThan(700)
  for (const { token, keys } of attacks) {
    const error = refusalOf(() => verify(token, keys))
    expect(leaks(inspect(error, { depth: 5 }), token)).toEqual([])
    expect(error.message).toMatch(/^Cannot [a-z].*[^.\s]$/)
  }
})

describe('verify', () => {
  test.each(everySample)('accepts what a key of $alg has signed', (sample) => {
    const { typ, header, claims, key } = verify(signedToken(sample), sample.verifyKey)
    expect({ typ, header, claims, key }).toEqual({
      typ: 'JWT',
      header: { alg: sample.alg, typ: 'JWT', kid: sample.kid },
      claims: JSON.parse(PAYLOAD),
      key: sample.verifyKey,
    })
  })

  test('gives claims of its own on every call', () => {
    const token = signedToken(es256)
    expect(verify(token, es256.verifyKey).claims).not.toBe(verify(token, es256.verifyKey).claims)
  })

  test.each(ignoredMembers.map((extra) => [JSON.stringify(extra), extra] as const))(
    'ignores %s in the header, and trusts the given key alone',
    (_, extra) => {
      expect(verify(signedToken(es256, extra), es256.verifyKey).claims.sub).toBe(CANARY)
    },
  )

  test.each(['json', 'application/json', 'JWT+x', 'text/jwt', ''])('takes the cty %j', (cty) => {
    expect(verify(signedToken(es256, { cty }), es256.verifyKey).header.cty).toBe(cty)
  })

  test('never takes its key from the header, not even under the kid of ours', () => {
    const attacker = keyPairSample('ES256', es256.kid)
    for (const extra of [
      { jwk: attacker.publicJwk },
      { x5c: ['MIIB'] },
      { jku: 'https://attacker.example/' },
    ]) {
      expect(codeOf(() => verify(signedToken(attacker, extra), es256.verifyKey))).toBe('token/signature')
    }
  })

  test.each([
    "' OR 1=1 --",
    '../../dev/null',
    '__proto__',
    'constructor',
    '*)(uid=*',
    'kid\u0000',
    '🔑',
    'K'.repeat(256),
  ])('compares the kid %j as it is, and knows no other', (kid) => {
    const sample = keyPairSample('ES256', kid)
    const set = KeySet.fromJwks({ keys: [sample.publicJwk] })
    expect(verify(signedToken(sample), set).key.kid).toBe(kid)
    expect(
      codeOf(() => verify(signedToken(es256, { kid }), KeySet.fromJwks({ keys: [es256.publicJwk] }))),
    ).toBe('token/unknown-key')
  })

  test('accepts the (r, n-s) twin, as ECDSA does, so that only its jti tells a replay', () => {
    const token = signedToken(es256)
    const end = token.lastIndexOf('.')
    const signature = decodeBase64url(token.slice(end + 1))
    const s = N - BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
    const twin = Buffer.concat([
      signature.subarray(0, 32),
      Buffer.from(s.toString(16).padStart(64, '0'), 'hex'),
    ])
    expect(verify(`${token.slice(0, end)}.${segment(twin)}`, es256.verifyKey).claims).toEqual(
      JSON.parse(PAYLOAD),
    )
  })

  test('checks the signature before it reads the payload', () => {
    const other = keyPairSample('ES256', es256.kid)
    const header = JSON.stringify({ alg: 'ES256', kid: es256.kid })
    expect(codeOf(() => verify(signedTexts(header, 'not json', other), es256.verifyKey))).toBe(
      'token/signature',
    )
    expect(codeOf(() => verify(signedTexts(header, 'not json', es256), es256.verifyKey))).toBe('token/json')
  })

  test('takes a key without kid for any kid, and a token without kid for any key of its algorithm', () => {
    const { kid: _, ...withoutKid } = es256.publicJwk
    expect(verify(signedToken(es256), importVerifyKey(withoutKid)).key.kid).toBeUndefined()
    expect(verify(signedToken(es256, { kid: undefined }), es256.verifyKey).key.kid).toBe(es256.kid)
  })
})

describe('a source that offers more keys than the header means', () => {
  const other = keyPairSample('ES256', 'other')

  test.each([
    ['the right one first', [es256.verifyKey, other.verifyKey]],
    ['the right one last', [other.verifyKey, es256.verifyKey]],
  ])('is heeded for the one of that kid alone, %s', (_, offered) => {
    const keys: KeySource = { select: () => offered }
    expect(verify(signedToken(es256), keys).key).toBe(es256.verifyKey)
    expect(codeOf(() => verify(signedToken(other, { kid: es256.kid }), keys))).toBe('token/signature')
  })
})

describe('typed keys and tokens', () => {
  const token = signedToken(es256)

  test('verify throws for a key that only looks like one, and for strings and bytes', () => {
    const { alg, kid } = es256.verifyKey
    const lookAlikes: readonly unknown[] = [
      { alg, kid, verify: () => true, verifies: () => true },
      { select: () => [{ alg, kid }] },
      { select: () => [Object.create(Object.getPrototypeOf(es256.verifyKey))] },
      { select: () => [{ ...es256.verifyKey }] },
      Object.create(es256.verifyKey),
      es256.publicJwk,
      { ...es256.verifyKey },
      structuredClone({ alg, kid }),
      '-----BEGIN PUBLIC KEY-----',
      '',
      Buffer.alloc(32),
      null,
      undefined,
    ]
    for (const keys of lookAlikes) expect(() => verify(token, keys as VerifyKey | KeySource)).toThrow()
  })

  test('verifyParsed throws for a token that only looks parsed', () => {
    const parsed = parseCompact(token)
    expect(verifyParsed(parsed, es256.verifyKey).claims.sub).toBe(CANARY)
    const forged = { header: parsed.header } as UnverifiedToken
    expect(() => verifyParsed(forged, es256.verifyKey)).toThrow(TypeError)
    expect(() => verifyParsed({ ...parsed } as UnverifiedToken, es256.verifyKey)).toThrow(TypeError)
  })

  test('parseCompact shows no payload', () => {
    const shown =
      inspect(parseCompact(token), { depth: 5, showHidden: true }) + JSON.stringify(parseCompact(token))
    expect(shown).not.toContain(segment(PAYLOAD))
    expect(shown).not.toContain('issuer.example')
  })

  test.each([undefined, null, 1, {}, [], Buffer.from(token), new String(token)])(
    'verify refuses %s as a token',
    (odd) => {
      expect(codeOf(() => verify(odd as string, es256.verifyKey))).toBe('token/malformed')
    },
  )

  test('VerifiedClaims come from verify alone', () => {
    const needsVerified = (claims: VerifiedClaims): unknown => claims.sub
    expect(needsVerified(verify(token, es256.verifyKey).claims)).toBe(CANARY)
    // @ts-expect-error an object written by hand is not verified
    expect(needsVerified({ sub: 'forged' })).toBe('forged')
    // @ts-expect-error claims that were only decoded are not verified
    expect(needsVerified(decodeUnverified(token).claims)).toBe(CANARY)
    // @ts-expect-error a spread copy with another sub is not verified
    const copied: VerifiedClaims = { ...decodeUnverified(token).claims, sub: 'forged' }
    expect(copied.sub).toBe('forged')
  })
})

describe('limits', () => {
  test('verify takes a token of exactly maxLength characters and none longer', () => {
    const token = signedToken(es256)
    expect(verify(token, es256.verifyKey, { maxLength: token.length }).claims.sub).toBe(CANARY)
    expect(codeOf(() => verify(token, es256.verifyKey, { maxLength: token.length - 1 }))).toBe(
      'token/too-large',
    )
  })

  test('verify takes maxDepth levels and maxMembers members, and none more', () => {
    const token = signedTexts(JSON.stringify({ alg: 'ES256' }), '{"a":{"b":[1]},"c":2}', es256)
    expect(verify(token, es256.verifyKey, { maxDepth: 3, maxMembers: 3 }).claims.c).toBe(2)
    expect(codeOf(() => verify(token, es256.verifyKey, { maxDepth: 2 }))).toBe('token/json')
    expect(codeOf(() => verify(token, es256.verifyKey, { maxMembers: 2 }))).toBe('token/json')
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -1, 1.5, 65_537, '9'])(
    'verify refuses the limits %s',
    (odd) => {
      const limit = odd as number
      expect(codeOf(() => verify(signedToken(es256), es256.verifyKey, { maxLength: limit }))).toBe(
        'token/limits',
      )
      expect(codeOf(() => verify(signedToken(es256), es256.verifyKey, { maxDepth: limit }))).toBe(
        'token/limits',
      )
      expect(codeOf(() => verify(signedToken(es256), es256.verifyKey, { maxMembers: limit }))).toBe(
        'token/limits',
      )
    },
  )
})

describe('decodeUnverified', () => {
  test('shows header and claims of a token with any signature', () => {
    const token = signedToken(es256).replace(/[^.]+$/, 'AAAA')
    expect(decodeUnverified(token)).toEqual({
      header: { alg: 'ES256', typ: 'JWT', kid: es256.kid },
      claims: JSON.parse(PAYLOAD),
    })
  })

  test('refuses bad forms as verify does', () => {
    for (const { token, code } of [...segmentAttacks(), ...headerAttacks(), ...payloadAttacks()])
      if (code !== 'token/signature') expect(codeOf(() => decodeUnverified(token))).toBe(code)
  })
})

/** The canary, or a run of 12 characters of the token, wherever the shown error holds one. */
function leaks(shown: string, token: string): string[] {
  const found = shown.includes(CANARY) ? [CANARY] : []
  for (let at = 0; at + 12 <= shown.length; at++) {
    const run = shown.slice(at, at + 12)
    if (token.includes(run)) found.push(run)
  }
  return found
}

test('TokenError: its name and code are what programs branch on', () => {
  const error = refusalOf(() => verify('', es256.verifyKey))
  expect(error).toBeInstanceOf(TokenError)
  expect({ name: error.name, code: error.code }).toEqual({ name: 'TokenError', code: 'token/malformed' })
})
