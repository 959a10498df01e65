import type { CaseKeys, HostileCase } from '../hostile-case.ts'

export type Jwk = Readonly<Record<string, unknown>>

/** The key set of the case. */
export function jwksOf(one: HostileCase, keys: CaseKeys): readonly Jwk[] {
  return one.keys.map((name) => {
    const key = keys[name]
    if (key === undefined) throw new Error(`Cannot run ${one.id}: there is no key ${name}`)
    return key.jwk
  })
}

/** A case whose one key is a shared secret: no verifier of tokens of others has one. */
export function isSecret(jwk: Jwk): boolean {
  return jwk.kty === 'oct'
}

/** The bytes of a shared secret. */
export function secretBytes(jwk: Jwk): Uint8Array {
  const text = String(jwk.k).replaceAll('-', '+').replaceAll('_', '/')
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}
