import { randomUUID } from 'node:crypto'
import { type KeyPair, signedBy } from './algorithms.ts'

/** What the tokens of the benchmark say, and what every subject has to check. */
export const ISSUER = 'https://auth.example.com'
export const AUDIENCE = 'https://api.example.com'
export const SCOPE = 'orders:read orders:write'

/** What `node:crypto` needs of one token. */
export interface Prepared {
  readonly data: Buffer
  readonly signature: Buffer
}

/** How one token departs from a good one. */
export interface Departure {
  /** Claims that replace those of a good token. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Header members that replace those of a good token. */
  readonly header?: Readonly<Record<string, unknown>>
  readonly brokenSignature?: boolean
}

/**
 * Good tokens of one key, each with its own `jti`, kept as bytes. Texts are made anew each time they are asked for, as
 * a request brings them: neither an object nor a hash of an earlier text is there to be found again.
 */
export class TokenPool {
  readonly pair: KeyPair
  readonly #tokens: readonly Buffer[]
  readonly #prepared: readonly Prepared[]
  #at = 0

  /** `alg` is the header's spelling where it is not the name of the algorithm. */
  constructor(pair: KeyPair, size: number, alg?: string) {
    this.pair = pair
    const header = alg === undefined ? {} : { header: { alg } }
    const texts = Array.from({ length: size }, () => tokenOf(pair, header))
    this.#tokens = texts.map((text) => Buffer.from(text, 'latin1'))
    this.#prepared = texts.map(preparedOf)
  }

  get size(): number {
    return this.#tokens.length
  }

  /** Texts that nobody has seen before. */
  fresh(count: number): readonly string[] {
    return this.#taken(count, this.#tokens).map((bytes) => bytes.toString('latin1'))
  }

  /** Signing inputs and signatures of as many tokens. */
  prepared(count: number): readonly Prepared[] {
    return this.#taken(count, this.#prepared)
  }

  #taken<T>(count: number, from: readonly T[]): readonly T[] {
    const start = this.#at
    this.#at += count
    return Array.from({ length: count }, (_, index) => from[(start + index) % from.length] as T)
  }
}

/** An access token (RFC 9068) of the benchmark's issuer, signed by `node:crypto`. */
export function tokenOf(pair: KeyPair, departure: Departure = {}): string {
  const header = encoded({ alg: pair.alg, typ: 'at+jwt', kid: pair.kid, ...departure.header })
  const input = `${header}.${encoded({ ...claimsOfGoodToken(), ...departure.claims })}`
  const signature = signedBy(pair)(Buffer.from(input, 'latin1'))
  const first = signature[0] ?? 0
  if (departure.brokenSignature) signature[0] = first ^ 1
  return `${input}.${signature.toString('base64url')}`
}

/** What a good token says, with a `jti` of its own. */
export function claimsOfGoodToken(): Record<string, string | number> {
  const now = Math.floor(Date.now() / 1000)
  return {
    iss: ISSUER,
    sub: `usr_${randomUUID()}`,
    aud: AUDIENCE,
    exp: now + 3600,
    iat: now,
    jti: randomUUID(),
    client_id: 'web-app',
    scope: SCOPE,
  }
}

/** The bytes that were signed, and the signature over them. */
export function preparedOf(token: string): Prepared {
  const dot = token.lastIndexOf('.')
  return {
    data: Buffer.from(token.slice(0, dot), 'latin1'),
    signature: Buffer.from(token.slice(dot + 1), 'base64url'),
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url')
}
