import { Buffer } from 'node:buffer'
import { createHmac, createPublicKey, type KeyObject } from 'node:crypto'
import { importVerifyKey, KeySet } from '@jotwarden/token'
import {
  ed25519,
  es256,
  everySample,
  hs256,
  type KeyPairSample,
  PAYLOAD,
  rs256,
  segment,
} from '../samples.ts'
import type { HostileToken } from './hostile-token.ts'

/** RFC 8725 §2.1 and §3.1: unsigned tokens, and tokens that choose how their key is used. */
export function algorithmAttacks(): readonly HostileToken[] {
  return [
    ...unsigned(),
    ...unknownNames(),
    ...publicKeysAsSecrets(),
    ...otherFamilies(),
    ...kidsOfOtherKeys(),
  ]
}

function unsigned(): HostileToken[] {
  const names = casings('none').map((name) => `"${name}"`)
  const spelled = [...names, '"\\u006eone"', '"none "', '" none"', '"none\\u0000"', '""']
  return everySample.flatMap((sample) =>
    spelled.flatMap((alg) => {
      const input = `${segment(`{"alg":${alg},"kid":"${sample.kid}"}`)}.${segment(PAYLOAD)}`
      const signature = sample.signer.sign(Buffer.from(input))
      const signed = signature instanceof Uint8Array ? segment(signature) : ''
      const of = `alg ${alg} for a key of ${sample.alg}`
      return [
        { title: `${of}, empty signature`, token: `${input}.`, keys: sample.verifyKey, code: 'token/alg' },
        {
          title: `${of}, true signature`,
          token: `${input}.${signed}`,
          keys: sample.verifyKey,
          code: 'token/alg',
        },
      ] as const
    }),
  )
}

/** The 16 casings of a word of four letters. */
function casings(word: string): string[] {
  return Array.from({ length: 2 ** word.length }, (_, mask) =>
    [...word].map((letter, at) => ((mask >> at) & 1 ? letter.toUpperCase() : letter)).join(''),
  )
}

function unknownNames(): HostileToken[] {
  const names = [
    'es256',
    'ES-256',
    'ES256K',
    'RS1',
    'HS1',
    'EdDSA',
    'ed25519',
    'Ed448',
    'ml-dsa-44',
    'ML-DSA',
  ]
  const known = ['ES384', 'ES512', 'RS384', 'PS256', 'HS384', 'ML-DSA-44']
  const inherited = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
  const set = KeySet.fromJwks({ keys: [es256.publicJwk] })
  return [...names, ...inherited, 'none', 'RSA-OAEP', 'A256GCM', ...known].flatMap((alg) => {
    const token = `${headerFor(alg, es256.kid)}.${segment(PAYLOAD)}.`
    return [
      { title: `alg ${alg}, against a key`, token, keys: es256.verifyKey, code: 'token/alg' },
      {
        title: `alg ${alg}, against a set`,
        token,
        keys: set,
        code: known.includes(alg) ? 'token/unknown-key' : 'token/alg',
      },
    ] as const
  })
}

function publicKeysAsSecrets(): HostileToken[] {
  return [rs256, es256, ed25519].flatMap((sample) =>
    spellings(sample).flatMap(([spelling, secret]) => {
      const input = `${headerFor('HS256', sample.kid)}.${segment(PAYLOAD)}`
      const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
      const title = `HS256 keyed with the ${sample.alg} public key as ${spelling}`
      const set = KeySet.fromJwks({ keys: [sample.publicJwk] })
      return [
        { title: `${title}, against the key`, token, keys: sample.verifyKey, code: 'token/alg' },
        { title: `${title}, against its set`, token, keys: set, code: 'token/unknown-key' },
      ] as const
    }),
  )
}

/** What verifiers that take strings as keys have been fooled with. */
function spellings(sample: KeyPairSample): readonly (readonly [string, string | Uint8Array])[] {
  const { kty, crv, x, y, n, e } = sample.publicJwk
  const bare = Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined),
  )
  const key: KeyObject = createPublicKey({ key: { kty, ...bare }, format: 'jwk' })
  const pem = key.export({ type: 'spki', format: 'pem' }).toString()
  return [
    ['PEM', pem],
    ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
    ['PEM without the last newline', pem.trimEnd()],
    ['PEM after a space', ` ${pem}`],
    ['DER', key.export({ type: 'spki', format: 'der' })],
    ['base64 of the DER', key.export({ type: 'spki', format: 'der' }).toString('base64')],
    ['JWK JSON', JSON.stringify(sample.publicJwk)],
    ['bare JWK JSON', JSON.stringify(bare)],
    ['text of its first number', x ?? n ?? ''],
    ['bytes of its first number', Buffer.from(x ?? n ?? '', 'base64url')],
    ['nothing', ''],
  ]
}

function otherFamilies(): HostileToken[] {
  return everySample.flatMap((signing) =>
    everySample
      .filter((checking) => checking.alg !== signing.alg)
      .map((checking) => {
        const input = `${headerFor(signing.alg, checking.kid)}.${segment(PAYLOAD)}`
        const signature = signing.signer.sign(Buffer.from(input))
        return {
          title: `header and signature of ${signing.alg} for a key of ${checking.alg}`,
          token: `${input}.${signature instanceof Uint8Array ? segment(signature) : ''}`,
          keys: checking.verifyKey,
          code: 'token/alg',
        }
      }),
  )
}

function kidsOfOtherKeys(): HostileToken[] {
  const set = KeySet.fromJwks({ keys: [rs256.publicJwk, es256.publicJwk, ed25519.publicJwk] })
  const signedUnder = (kid: string): string => {
    const input = `${headerFor('ES256', kid)}.${segment(PAYLOAD)}`
    const signature = es256.signer.sign(Buffer.from(input))
    return `${input}.${signature instanceof Uint8Array ? segment(signature) : ''}`
  }
  const { kid: _, ...withoutKid } = es256.publicJwk
  return [
    {
      title: 'an ES256 token with the kid of the RS256 key',
      token: signedUnder(rs256.kid),
      keys: set,
      code: 'token/unknown-key',
    },
    {
      title: 'a true signature under an unknown kid',
      token: signedUnder('unknown'),
      keys: set,
      code: 'token/unknown-key',
    },
    {
      title: 'a true signature under an empty kid',
      token: signedUnder(''),
      keys: set,
      code: 'token/unknown-key',
    },
    {
      title: 'a true signature under another kid of the one key',
      token: signedUnder('unknown'),
      keys: es256.verifyKey,
      code: 'token/unknown-key',
    },
    {
      title: 'a source that answers with a key of another kid',
      token: signedUnder('unknown'),
      keys: { select: () => [es256.verifyKey] },
      code: 'token/unknown-key',
    },
    {
      title: 'a source that answers with a key of another algorithm',
      token: signedUnder(rs256.kid),
      keys: { select: () => [rs256.verifyKey] },
      code: 'token/alg',
    },
    {
      title: 'a set without keys',
      token: signedUnder(es256.kid),
      keys: KeySet.fromJwks({ keys: [] }),
      code: 'token/unknown-key',
    },
    {
      title: 'a key without kid of another algorithm',
      token: signedUnder('any').replace(/^[^.]+/, headerFor('HS256', 'any')),
      keys: importVerifyKey(withoutKid),
      code: 'token/alg',
    },
    {
      title: 'HS256 by our own secret for the set of public keys',
      token: hs256Under(es256.kid),
      keys: set,
      code: 'token/unknown-key',
    },
  ]
}

function hs256Under(kid: string): string {
  const input = `${headerFor('HS256', kid)}.${segment(PAYLOAD)}`
  const signature = hs256.signer.sign(Buffer.from(input))
  return `${input}.${signature instanceof Uint8Array ? segment(signature) : ''}`
}

function headerFor(alg: string, kid: string): string {
  return segment(JSON.stringify({ alg, kid }))
}
