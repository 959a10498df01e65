import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import type { RequestParts } from '@jotwarden/verifier'

/** A client with a key of its own, made of `node:crypto` alone. */
export class DpopClient {
  readonly jwk: Readonly<Record<string, unknown>>
  readonly privateKey: KeyObject
  readonly thumbprint: string

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.privateKey = privateKey
    const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
    this.jwk = { kty, crv, x, y }
    this.thumbprint = sha256(`{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`)
  }

  proof(claims: Readonly<Record<string, unknown>>, header: Readonly<Record<string, unknown>> = {}): string {
    return this.signed(JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk: this.jwk, ...header }), claims)
  }

  signed(header: string, claims: unknown): string {
    const input = `${encoded(header)}.${encoded(JSON.stringify(claims))}`
    const signature = sign('sha256', Buffer.from(input), { key: this.privateKey, dsaEncoding: 'ieee-p1363' })
    return `${input}.${signature.toString('base64url')}`
  }
}

/** The claims of a proof of this time (RFC 9449 §4.2). */
export function proofClaims(
  token: string,
  now: number,
  over: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { jti: randomUUID(), htm: 'GET', htu: ORDERS, iat: now, ath: sha256(token), ...over }
}

/** A request as an adapter gives it, with header fields as lines. */
export function parts(
  lines: readonly (readonly [string, string])[],
  over: Partial<RequestParts> = {},
): RequestParts {
  return {
    method: 'GET',
    url: ORDERS,
    headers: (name) => lines.filter(([line]) => line === name).map(([, value]) => value),
    ...over,
  }
}

export function encoded(text: string): string {
  return Buffer.from(text).toString('base64url')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

export const ORDERS = 'https://api.example/orders'
