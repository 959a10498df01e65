import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { jwkThumbprint, type PrivateJwk, type PublicJwk, parsePrivateJwk, publicJwkOf } from './jwk.ts'

/** Makes a key pair whose `kid` is its thumbprint, with `alg` and `use: 'sig'`; RSA keys have 3072 bits. */
export function generateKeyPair(alg: 'ES256' | 'Ed25519' | 'RS256'): {
  readonly privateJwk: PrivateJwk
  readonly publicJwk: PublicJwk
} {
  const bare = parsePrivateJwk(generate(alg).export({ format: 'jwk' }))
  const privateJwk = { ...bare, kid: jwkThumbprint(bare), alg, use: 'sig' }
  return { privateJwk, publicJwk: publicJwkOf(privateJwk) }
}

function generate(alg: 'ES256' | 'Ed25519' | 'RS256'): KeyObject {
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  if (alg === 'Ed25519') return generateKeyPairSync('ed25519').privateKey
  return generateKeyPairSync('rsa', { modulusLength: 3072, publicExponent: 0x10001 }).privateKey
}
