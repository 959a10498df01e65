import { Buffer } from 'node:buffer'
import { createPublicKey } from 'node:crypto'
import type { CaseKey, HostileCase } from '../hostile-case.ts'
import { caseGroup, policy, type Short } from './case-group.ts'
import { type Bytes, claimsText, headerText, type Members, mac, segment, type Workshop } from './workshop.ts'

/** Public keys used as HMAC secrets, and keys of one algorithm named by tokens of another. */
export function confusion(shop: Workshop): readonly HostileCase[] {
  const asSecrets = names.flatMap((name) => spellings(shop.keys[name]).map((one) => keyedWith(name, one)))
  return caseGroup(
    'confusion',
    'RFC 8725 §2.1, §3.1; CVE-2016-10555, CVE-2022-29217, CVE-2023-48223, CVE-2024-54150 class',
    [...asSecrets, ...otherHashes(shop), ...kidsOfOthers(shop), ...otherNames(shop)],
  )
}

type Spelling = readonly [what: string, title: string, secret: Bytes]

function keyedWith(name: string, [what, title, secret]: Spelling): Short {
  const input = `${segment(headerText({ alg: 'HS256', kid: kidOf[name] }))}.${segment(claimsText())}`
  const token = `${input}.${mac('sha256', secret, input).toString('base64url')}`
  return [
    `${name}-${what}`,
    `HS256 keyed with the ${name} key as ${title}`,
    token,
    'token/unknown-key',
    byAlg,
  ]
}

/** What verifiers that take strings as keys have been fooled with. */
function spellings(key: CaseKey | undefined): readonly Spelling[] {
  const jwk: Members = key?.jwk ?? {}
  const object = createPublicKey({ key: jwk as never, format: 'jwk' })
  const pem = object.export({ type: 'spki', format: 'pem' }).toString()
  const der = object.export({ type: 'spki', format: 'der' })
  const number = String(jwk.x ?? jwk.n)
  const all: Spelling[] = [
    ['pem', 'PEM', pem],
    ['crlf', 'PEM with CRLF', pem.replaceAll('\n', '\r\n')],
    ['no-newline', 'PEM without the last newline', pem.trimEnd()],
    ['space', 'PEM after a space', ` ${pem}`],
    ['der', 'DER', der],
    ['certificate', 'its certificate', key?.certificate ?? ''],
    ['jwk', 'JSON of its JWK', JSON.stringify(jwk)],
    ['number', 'the bytes of its first number', Buffer.from(number, 'base64url')],
  ]
  if (jwk.kty === 'RSA') all.push(['pkcs1', 'PKCS #1 PEM', object.export({ type: 'pkcs1', format: 'pem' })])
  if (jwk.kty === 'OKP') all.push(['ssh', 'a line of OpenSSH', sshLine(number)])
  return all
}

function sshLine(x: string): string {
  const field = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes])
  const blob = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(Buffer.from(x, 'base64url'))])
  return `ssh-ed25519 ${blob.toString('base64')}`
}

function otherHashes(shop: Workshop): readonly Short[] {
  const pem = createPublicKey({ key: shop.keys.rs256?.jwk as never, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  })
  return ['HS384', 'HS512'].map((alg) => {
    const input = `${segment(headerText({ alg, kid: 'rs-1' }))}.${segment(claimsText())}`
    const token = `${input}.${mac(`sha${alg.slice(2)}`, pem, input).toString('base64url')}`
    const what = `rs256-${alg.toLowerCase()}`
    return [what, `${alg} keyed with the rs256 key as PEM`, token, 'token/unknown-key', byAlg]
  })
}

function kidsOfOthers(shop: Workshop): readonly Short[] {
  const why = 'RFC 8725bis §3.1: one key has one algorithm; CVE-2021-46743 class'
  const hidden = { why, expect: { verifier: 'token/alg', authenticate: 'token/alg' } }
  const ps256 = `${segment(headerText({ alg: 'PS256', kid: 'rs-1' }))}.${segment(claimsText())}`
  const padded = shop.signature('rs256', ps256, 'PS256').toString('base64url')
  return [
    [
      'kid-es-for-rs',
      'ES256 under the kid of the RSA key',
      shop.token({ kid: 'rs-1' }),
      'token/unknown-key',
      { why },
    ],
    [
      'kid-rs-for-es',
      'RS256 under the kid of the EC key',
      shop.token({ kid: 'es-1' }, {}, 'rs256'),
      'token/unknown-key',
      { why },
    ],
    [
      'kid-ed-for-es',
      'Ed25519 under the kid of the EC key',
      shop.token({ kid: 'es-1' }, {}, 'ed25519'),
      'token/unknown-key',
      { why },
    ],
    [
      'ps256-under-rs256',
      'PS256 by an RSA key that is for RS256',
      `${ps256}.${padded}`,
      'token/unknown-key',
      hidden,
    ],
    [
      'header-es-signed-rs',
      'the header says ES256, the RSA key signed',
      shop.signedTexts(headerText(), claimsText(), 'rs256'),
      'token/signature',
      { why },
    ],
    [
      'secret-of-ours',
      'HS256 by a good secret that is not the issuer’s',
      shop.token({}, {}, 'hs256'),
      'token/unknown-key',
      byAlg,
    ],
    ['control-rs256', 'RS256 by the RSA key', shop.token({}, {}, 'rs256'), 'accept'],
  ]
}

function otherNames(shop: Workshop): readonly Short[] {
  return [
    [
      'eddsa-under-ed25519',
      'the older name EdDSA, where Ed25519 is what the key is for',
      shop.token({ alg: 'EdDSA' }, {}, 'ed25519'),
      'token/alg',
      { why: 'RFC 9864 §2: a name that does not say the curve' },
    ],
    [
      'control-ml-dsa-44',
      'ML-DSA-44 by its key',
      shop.token({}, {}, 'ml-dsa-44'),
      'accept',
      {
        why: 'RFC 9964',
        keys: ['ml-dsa-44'],
        policy: { ...policy, algorithms: ['ML-DSA-44'] },
        expect: { import: 'accept' },
      },
    ],
    ['control-ed25519', 'Ed25519 by its key', shop.token({}, {}, 'ed25519'), 'accept'],
  ]
}

const byAlg = { expect: { verifier: 'token/alg', authenticate: 'token/alg' } }
const names = ['es256', 'rs256', 'ed25519'] as const
const kidOf: Readonly<Record<string, string>> = { es256: 'es-1', rs256: 'rs-1', ed25519: 'ed-1' }
