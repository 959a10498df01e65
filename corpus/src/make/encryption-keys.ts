import { Buffer } from 'node:buffer'
import { createHash, generateKeyPairSync } from 'node:crypto'
import type { CaseKey } from '../hostile-case.ts'

/** Recipes of the keys for encryption; they take no other key. */
export const encryptionRecipes: Readonly<Record<string, () => CaseKey>> = {
  'enc-dir': () => shared('dir', 32, ['A256GCM']),
  'enc-dir-cbc': () => shared('dir', 32, ['A128CBC-HS256']),
  'enc-kw': () => shared('A256KW', 32, ['A256GCM', 'A256CBC-HS512']),
  'enc-gcmkw': () => shared('A256GCMKW', 32, ['A256GCM']),
  'enc-password': () => shared('PBES2-HS256+A128KW', 24, ['A128GCM']),
  'enc-ecdh': () => pair('ec', { namedCurve: 'P-256' }, 'ECDH-ES', ['A256GCM']),
  'enc-ecdh-ephemeral': () => pair('ec', { namedCurve: 'P-256' }, 'ECDH-ES', ['A256GCM']),
  'enc-x25519': () => pair('x25519', {}, 'ECDH-ES', ['A256GCM']),
  'enc-x25519-ephemeral': () => pair('x25519', {}, 'ECDH-ES', ['A256GCM']),
  'enc-rsa': () => pair('rsa', { modulusLength: 2048 }, 'RSA-OAEP-256', ['A256GCM']),
}

type Jwk = Readonly<Record<string, unknown>>

function pair(kty: 'ec' | 'rsa' | 'x25519', options: object, alg: string, encs: readonly string[]): CaseKey {
  const { privateKey, publicKey } = generateKeyPairSync(kty as 'ec', options as { namedCurve: string })
  const more: Jwk = { alg, use: 'enc', kid: 'enc-1' }
  const jwk = { ...publicKey.export({ format: 'jwk' }), ...more }
  return { jwk, private: { ...privateKey.export({ format: 'jwk' }), ...more }, encs }
}

function shared(alg: string, length: number, encs: readonly string[]): CaseKey {
  const bytes = createHash('shake256', { outputLength: length }).update(`corpus ${alg} ${encs}`).digest()
  const jwk = { kty: 'oct', k: Buffer.from(bytes).toString('base64url'), alg, use: 'enc', kid: 'enc-1' }
  return { jwk, private: jwk, encs }
}
