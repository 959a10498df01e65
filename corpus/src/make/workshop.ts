import { Buffer } from 'node:buffer'
import { createHash, createHmac, createPrivateKey, constants as padding, sign } from 'node:crypto'
import type { CaseKeys } from '../hostile-case.ts'

/** Bytes, or a text that stands for its UTF-8. */
export type Bytes = string | Uint8Array

/**
 * Makes tokens byte for byte, however odd. What is random (ECDSA signatures, say) is made once, kept beside the cases
 * and used again, so that the same data come out every time.
 */
export class Workshop {
  readonly keys: CaseKeys
  readonly #kept: Readonly<Record<string, string>>
  readonly #used = new Map<string, string>()

  constructor(keys: CaseKeys, kept: Readonly<Record<string, string>>) {
    this.keys = keys
    this.#kept = kept
  }

  /** What was random in this run, to be kept for the next. */
  get kept(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#used].sort(([one], [other]) => (one < other ? -1 : 1)))
  }

  /** The bytes kept under a label that tells all that they depend on. */
  keep(label: string, make: () => Uint8Array): Buffer {
    const name = createHash('sha256').update(label).digest('base64url').slice(0, 22)
    const text = this.#kept[name] ?? this.#used.get(name) ?? Buffer.from(make()).toString('base64url')
    this.#used.set(name, text)
    return Buffer.from(text, 'base64url')
  }

  /** A true signature by the key of that name, under its own algorithm unless another is said. */
  signature(key: string, input: string, alg = String(this.keys[key]?.jwk.alg)): Buffer {
    const jwk = this.keys[key]?.private
    if (jwk === undefined) throw new Error(`Cannot sign: ${key} has no private half`)
    if (alg.startsWith('HS')) return mac(`sha${alg.slice(2)}`, Buffer.from(String(jwk.k), 'base64url'), input)
    const random = !alg.startsWith('RS') && alg !== 'Ed25519' && alg !== 'EdDSA'
    const make = (): Buffer => signed(jwk, alg, input)
    return random ? this.keep(`${alg} ${JSON.stringify(jwk)} ${input}`, make) : make()
  }

  /** Signs both segments as they are written. */
  signedSegments(header: string, payload: string, key: string): string {
    const input = `${header}.${payload}`
    return `${input}.${this.signature(key, input).toString('base64url')}`
  }

  /** Signs these very texts as header and payload. */
  signedTexts(header: Bytes, payload: Bytes, key = 'es256'): string {
    return this.signedSegments(segment(header), segment(payload), key)
  }

  /** A good token but for what is added or replaced; undefined leaves a member out. */
  token(header: Members = {}, claims: Members = {}, key = 'es256'): string {
    return this.signedTexts(headerText(header, this.keys[key]?.jwk), claimsText(claims), key)
  }
}

export type Members = Readonly<Record<string, unknown>>

/** The header of a good token under that key, with members added or replaced. */
export function headerText(members: Members = {}, jwk: Members = { alg: 'ES256', kid: 'es-1' }): string {
  return JSON.stringify({ alg: jwk.alg, typ: 'at+jwt', kid: jwk.kid, ...members })
}

/** The claims of a good access token, with members added or replaced. */
export function claimsText(members: Members = {}): string {
  return JSON.stringify({ ...goodClaims, ...members })
}

export function segment(bytes: Bytes): string {
  return Buffer.from(bytes as string).toString('base64url')
}

export function mac(hash: string, secret: Bytes, input: string): Buffer {
  return createHmac(hash, secret).update(input).digest()
}

export const NOW = 1_800_000_000
export const ISSUER = 'https://issuer.example'
export const AUDIENCE = 'https://api.example'

export const goodClaims: Members = {
  iss: ISSUER,
  sub: 'user-1',
  aud: AUDIENCE,
  exp: NOW + 600,
  iat: NOW - 60,
  jti: 'token-1',
  client_id: 'client-1',
  scope: 'read write',
}

function signed(jwk: Members, alg: string, input: string): Buffer {
  const key = createPrivateKey({ key: jwk as never, format: 'jwk' })
  const hash = /^(ES|RS|PS)/.test(alg) ? `sha${alg.slice(2, 5)}` : null
  if (alg.startsWith('ES')) return sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  if (!alg.startsWith('PS')) return sign(hash, Buffer.from(input), key)
  const saltLength = padding.RSA_PSS_SALTLEN_DIGEST
  return sign(hash, Buffer.from(input), { key, padding: padding.RSA_PKCS1_PSS_PADDING, saltLength })
}
