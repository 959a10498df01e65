import { asciiBytes, base64urlText, sha256, sha256Async } from '#platform'
import { TokenError } from './errors.ts'

/** The members of a public JWK that this package reads (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2, RFC 9964 §3). */
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
  readonly pub?: string
}

/** A public JWK with its private half: `d`, or `priv` where `kty` is AKP. */
export interface PrivateJwk extends PublicJwk {
  readonly d?: string
  readonly priv?: string
  readonly p?: string
  readonly q?: string
  readonly dp?: string
  readonly dq?: string
  readonly qi?: string
}

/**
 * Reads a value from outside as a public JWK: known members are copied and type-checked, others dropped (RFC 7517 §4).
 * Throws `key/malformed`, or `key/private-in-public-set` when it is symmetric or carries a private member.
 */
export function parsePublicJwk(value: unknown): PublicJwk {
  const jwk = asRecord(value)
  if (jwk.kty === 'oct' || PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))) {
    throw new TokenError(
      'key/private-in-public-set',
      'Cannot take the JWK as public: it carries private or symmetric key material',
    )
  }
  return publicMembers(jwk)
}

/** Reads a value from outside as a private JWK; throws `key/malformed`. */
export function parsePrivateJwk(value: unknown): PrivateJwk {
  const jwk = asRecord(value)
  const secrets = pickStrings(jwk, PRIVATE_KEY_MEMBERS)
  const half = jwk.kty === 'AKP' ? 'priv' : 'd'
  if (secrets[half] === undefined) throw malformed('it has no private member')
  if (['oth', 'k', half === 'd' ? 'priv' : 'd'].some((name) => Object.hasOwn(jwk, name)))
    throw malformed('it has an unsupported member')
  return { ...publicMembers(jwk), ...secrets }
}

/** The public half, with nothing private and nothing unknown; `key_ops` becomes `verify`. */
export function publicJwkOf(privateJwk: PrivateJwk): PublicJwk {
  const { key_ops, ...jwk } = publicMembers(asRecord(privateJwk))
  return key_ops === undefined ? jwk : { ...jwk, key_ops: ['verify'] }
}

/** A shared secret as a JWK (RFC 7518 §6.4); nothing of it is public. */
export interface SecretJwk {
  readonly kty: 'oct'
  readonly k: string
  readonly kid?: string
  readonly alg?: string
  readonly use?: string
  readonly key_ops?: readonly string[]
}

/** Reads a value from outside as a shared secret; throws `key/malformed`, without naming the secret. */
export function parseSecretJwk(value: unknown): SecretJwk {
  const jwk = asRecord(value)
  if (jwk.kty !== 'oct') throw malformed('its kty is not oct')
  const { k, ...strings } = pickStrings(jwk, ['k', 'kid', 'alg', 'use'])
  if (k === undefined) throw malformed('it has no k')
  const operations = jwk.key_ops === undefined ? {} : { key_ops: keyOperations(jwk.key_ops) }
  return { kty: 'oct', k, ...strings, ...operations }
}

/** The members that make the key, without what is said about it. */
export type KeyMembers = { readonly kty: string } & { readonly [name in KeyMember]?: string }

/** Of the public half. RFC 9964 §3: an AKP key is of its algorithm. */
export function keyMembersOf(jwk: PublicJwk): KeyMembers {
  const { kty, alg } = jwk
  const members = { kty, ...pickStrings(asRecord(jwk), PUBLIC_KEY_MEMBERS) }
  return kty === 'AKP' && alg !== undefined ? { ...members, alg } : members
}

/** Of both halves. */
export function privateKeyMembersOf(jwk: PrivateJwk): KeyMembers {
  return { ...keyMembersOf(jwk), ...pickStrings(asRecord(jwk), PRIVATE_KEY_MEMBERS) }
}

/**
 * The SHA-256 thumbprint in base64url (RFC 7638 §3, RFC 8037 §2, RFC 9964 §6); throws `key/unsupported` or `key/malformed`, and
 * `token/platform` where digests are asynchronous.
 */
export function jwkThumbprint(jwk: PublicJwk): string {
  return base64urlText(sha256(thumbprintInput(jwk)))
}

/** `jwkThumbprint` for every platform; rejects with its codes but `token/platform`. */
export async function jwkThumbprintAsync(jwk: PublicJwk): Promise<string> {
  return base64urlText(await sha256Async(thumbprintInput(jwk)))
}

function thumbprintInput(jwk: PublicJwk): Uint8Array {
  const names = THUMBPRINT_MEMBERS.get(jwk.kty)
  if (names === undefined)
    throw new TokenError('key/unsupported', 'Cannot hash the JWK: its kty is not supported')
  const required = pickStrings(asRecord(jwk), names)
  // The names are listed in lexicographic order and their values need no escaping once they are checked.
  const json = names.map((name) => `"${name}":"${thumbprintValue(required[name])}"`).join(',')
  return asciiBytes(`{${json}}`)
}

function thumbprintValue(value: string | undefined): string {
  if (value === undefined || !/^[A-Za-z0-9_-]+$/.test(value)) {
    throw malformed('a required member is missing or not base64url')
  }
  return value
}

function publicMembers(jwk: Readonly<Record<string, unknown>>): PublicJwk {
  const { kty, ...strings } = pickStrings(jwk, PUBLIC_MEMBERS)
  if (kty === undefined) throw malformed('it has no kty')
  if (jwk.key_ops === undefined) return { kty, ...strings }
  return { kty, ...strings, key_ops: keyOperations(jwk.key_ops) }
}

/** RFC 7517 §4.3: an array of distinct strings. */
function keyOperations(value: unknown): string[] {
  if (!Array.isArray(value)) throw malformed('its key_ops is not an array')
  const operations = value.filter((operation) => typeof operation === 'string')
  if (operations.length !== value.length || new Set(operations).size !== value.length) {
    throw malformed('its key_ops are not distinct strings')
  }
  return operations
}

function pickStrings<Name extends string>(
  jwk: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): { [name in Name]?: string } {
  const picked: { [name in Name]?: string } = {}
  for (const name of names) {
    if (!Object.hasOwn(jwk, name)) continue
    const value = jwk[name]
    if (value === undefined) continue
    if (typeof value !== 'string') throw malformed(`its ${name} is not a string`)
    if (value.length > (name === 'pub' ? MAX_PUB_LENGTH : MAX_MEMBER_LENGTH))
      throw malformed(`its ${name} is too long`)
    picked[name] = value
  }
  return picked
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('it is not an object')
  return { ...value }
}

function malformed(state: string): TokenError {
  return new TokenError('key/malformed', `Cannot read the JWK: ${state}`)
}

type KeyMember = 'alg' | (typeof PUBLIC_KEY_MEMBERS)[number] | (typeof PRIVATE_KEY_MEMBERS)[number]

const PUBLIC_KEY_MEMBERS = ['crv', 'x', 'y', 'n', 'e', 'pub'] as const
const PRIVATE_KEY_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'priv'] as const
const PUBLIC_MEMBERS = ['kty', 'kid', 'alg', 'use', ...PUBLIC_KEY_MEMBERS] as const
/** RFC 7518 §6.2.2, §6.3.2, §6.4.1 and the `priv` of RFC 9964 §3. */
const PRIVATE_MEMBERS = [...PRIVATE_KEY_MEMBERS, 'oth', 'k'] as const
const THUMBPRINT_MEMBERS: ReadonlyMap<string, readonly (typeof PUBLIC_MEMBERS)[number][]> = new Map([
  ['EC', ['crv', 'kty', 'x', 'y'] as const],
  ['OKP', ['crv', 'kty', 'x'] as const],
  ['RSA', ['e', 'kty', 'n'] as const],
  ['AKP', ['alg', 'kty', 'pub'] as const],
])
/** An 8192-bit modulus is 1366 characters, a public key of ML-DSA-87 3456. */
const MAX_MEMBER_LENGTH = 2048
const MAX_PUB_LENGTH = 4096
