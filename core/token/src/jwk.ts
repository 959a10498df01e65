import { createHash } from 'node:crypto'
import { encodeBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'

/** A public key as JSON (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2). */
export interface PublicJwk {
  readonly kty: string
  readonly kid?: string
  readonly alg?: string
  readonly use?: string
  readonly key_ops?: readonly string[]
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
}

/** A private key as JSON. */
export interface PrivateJwk extends PublicJwk {
  readonly d?: string
  readonly p?: string
  readonly q?: string
  readonly dp?: string
  readonly dq?: string
  readonly qi?: string
  readonly k?: string
}

/** The SHA-256 thumbprint, base64url (RFC 7638 §3). Throws `key/unsupported` or `key/malformed`. */
export function jwkThumbprint(jwk: PublicJwk): string {
  const required = THUMBPRINT_MEMBERS.get(jwk.kty)
  if (required === undefined)
    throw new TokenError('key/unsupported', 'Cannot make a thumbprint: the kty is not supported')
  const members = new Map(Object.entries(jwk))
  const pairs = required.map((name) => {
    const value: unknown = members.get(name)
    if (typeof value !== 'string')
      throw new TokenError('key/malformed', `Cannot make a thumbprint: ${name} is missing`)
    return `${JSON.stringify(name)}:${JSON.stringify(value)}`
  })
  return encodeBase64url(
    createHash('sha256')
      .update(`{${pairs.join(',')}}`, 'utf8')
      .digest(),
  )
}

/** Keeps what may be published and nothing else. */
export function publicJwkOf(jwk: PrivateJwk): PublicJwk {
  const kept = Object.entries(jwk).filter(([name]) => PUBLIC_MEMBERS.has(name))
  return { kty: jwk.kty, ...Object.fromEntries(kept) }
}

/** Whether a key given as public holds a private or symmetric member. */
export function hasPrivateMember(jwk: object): boolean {
  return PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))
}

/** In lexicographic order. */
const THUMBPRINT_MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
  ['RSA', ['e', 'kty', 'n']],
  ['oct', ['k', 'kty']],
])
const PUBLIC_MEMBERS: ReadonlySet<string> = new Set([
  'kty',
  'kid',
  'alg',
  'use',
  'key_ops',
  'crv',
  'x',
  'y',
  'n',
  'e',
])
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']
