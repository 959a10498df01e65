import { Buffer } from 'node:buffer'
import { createPublicKey } from 'node:crypto'
import type { CaseKeys, HostileCase } from '../hostile-case.ts'
import { isSecret, type Jwk, jwksOf } from '../run/key-set-of.ts'

/** The one shared secret of a case, or undefined where it has public keys. */
export function sharedSecret(one: HostileCase, keys: CaseKeys): Buffer | undefined {
  const [first = {}, ...rest] = jwksOf(one, keys)
  return rest.length === 0 && isSecret(first) ? Buffer.from(String(first.k), 'base64url') : undefined
}

/** The key that a client of a JWKS endpoint would hand over for a header: by `kid`, or the only one. */
export function keyFor(jwks: readonly Jwk[], header: { readonly kid?: unknown }): string {
  const usable = jwks.filter((jwk) => jwk.use === undefined || jwk.use === 'sig')
  const [found] =
    header.kid === undefined && usable.length === 1 ? usable : usable.filter((jwk) => jwk.kid === header.kid)
  if (found === undefined) throw new NoSuchKey('the key set holds no such key')
  return pemOf(found)
}

/** What a client of a JWKS endpoint throws; the libraries hand it on. */
export class NoSuchKey extends Error {}

export function pemOf(jwk: Jwk): string {
  return createPublicKey({ key: jwk as never, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString()
}

/** Whether Node makes a PEM of each; of points that are none it does not. */
export function haveAllPems(jwks: readonly Jwk[]): boolean {
  try {
    for (const jwk of jwks) if (!isSecret(jwk)) pemOf(jwk)
    return true
  } catch {
    return false
  }
}
