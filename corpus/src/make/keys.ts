import { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  generatePrimeSync,
  randomBytes,
} from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CaseKey, CaseKeys } from '../hostile-case.ts'
import { encryptionRecipes } from './encryption-keys.ts'

/**
 * The test keys: those that are stored, and fresh ones for names that are not. They are public, protect nothing and
 * must never be used for anything else.
 */
export function testKeys(stored: CaseKeys): CaseKeys {
  const made: Record<string, CaseKey> = {}
  for (const [name, make] of Object.entries(recipes))
    made[name] = stored[name] ?? make((other) => keyOf(made, other))
  return made
}

type Jwk = Readonly<Record<string, unknown>>
type Recipe = (of: (name: string) => CaseKey) => CaseKey

function keyOf(made: Readonly<Record<string, CaseKey>>, name: string): CaseKey {
  const key = made[name]
  if (key === undefined) throw new Error(`Cannot derive a key: ${name} comes later`)
  return key
}

function pair(
  kty: 'ec' | 'rsa' | 'ed25519' | 'ed448' | 'x25519' | 'ml-dsa-44',
  options: object,
  more: Jwk,
): CaseKey {
  const { privateKey } = generateKeyPairSync(kty as 'ec', options as { namedCurve: string })
  return ofPrivate({ ...privateKey.export({ format: 'jwk' }), ...more })
}

/** With a certificate for itself, made by the command `openssl`. */
function certified(key: CaseKey): CaseKey {
  const folder = mkdtempSync(join(tmpdir(), 'corpus-'))
  const file = join(folder, 'key.pem')
  const object = createPrivateKey({ key: key.private as never, format: 'jwk' })
  writeFileSync(file, object.export({ type: 'pkcs8', format: 'pem' }))
  const args = ['req', '-x509', '-new', '-key', file, '-days', '36500', '-subj', '/CN=issuer.example']
  const certificate = execFileSync('openssl', args, { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  return { ...key, certificate }
}

function ofPrivate(jwk: Jwk): CaseKey {
  return { jwk: without(jwk, ...PRIVATE), private: jwk }
}

function without(jwk: Jwk, ...names: readonly string[]): Jwk {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)))
}

/** The same key, told otherwise. */
function told(name: string, more: Jwk, ...less: readonly string[]): Recipe {
  return (of) => {
    const { jwk, private: secret } = of(name)
    return {
      jwk: { ...without(jwk, ...less), ...more },
      ...(secret === undefined ? {} : { private: { ...secret, ...more } }),
    }
  }
}

function secret(bytes: Uint8Array | string, more: Jwk = {}): Recipe {
  return () => {
    const jwk = {
      kty: 'oct',
      k: Buffer.from(bytes as string).toString('base64url'),
      alg: 'HS256',
      kid: 'hs-1',
      ...more,
    }
    return { jwk, private: jwk }
  }
}

function rsa(bits: number, more: Jwk = {}): Recipe {
  return () => pair('rsa', { modulusLength: bits }, { alg: 'RS256', kid: 'rs-1', ...more })
}

/** Numbers of the public half changed, so that no private half fits. */
function bent(name: string, change: (jwk: Jwk) => Jwk): Recipe {
  return (of) => ({ jwk: { ...of(name).jwk, ...change(of(name).jwk) } })
}

/**
 * A modulus with the fingerprint of CVE-2017-15361: both primes are k·M + (65537^a mod M), M the product of the first
 * 126 primes.
 */
function rocaKey(): CaseKey {
  const [p, q] = [rocaPrime(), rocaPrime()]
  const e = 65_537n
  const d = inverse(e, (p - 1n) * (q - 1n))
  const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) }
  const members = Object.entries(numbers).map(([name, value]) => [name, base64urlOf(value)])
  return ofPrivate({ kty: 'RSA', ...Object.fromEntries(members), alg: 'RS256', kid: 'rs-1' })
}

function rocaPrime(): bigint {
  const product = firstPrimes(126).reduce((all, prime) => all * prime, 1n)
  const start = power(65_537n, BigInt(`0x${randomBytes(32).toString('hex')}`), product)
  // Adding multiples of M keeps the fingerprint
  const found = generatePrimeSync(1024, { add: product, rem: start, bigint: true })
  return found
}

function firstPrimes(count: number): readonly bigint[] {
  const found: bigint[] = []
  for (let one = 2n; found.length < count; one++)
    if (found.every((prime) => one % prime !== 0n)) found.push(one)
  return found
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let square = base, left = exponent; left > 0n; left >>= 1n, square = (square * square) % modulus)
    if (left & 1n) result = (result * square) % modulus
  return result
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n]
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return ((x % modulus) + modulus) % modulus
}

function base64urlOf(value: bigint): string {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')
}

const flipLast = (text: unknown): string => {
  const bytes = Buffer.from(String(text), 'base64url')
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
  return bytes.toString('base64url')
}

const deterministic = (label: string, length: number): Buffer =>
  createHash('shake256', { outputLength: length }).update(label).digest()

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'priv']

const recipes: Readonly<Record<string, Recipe>> = {
  es256: () => certified(pair('ec', { namedCurve: 'P-256' }, { alg: 'ES256', kid: 'es-1' })),
  rs256: (of) => certified(rsa(2048)(of)),
  ed25519: () => certified(pair('ed25519', {}, { alg: 'Ed25519', kid: 'ed-1' })),
  hs256: secret(deterministic('corpus hs256', 32)),
  attacker: () => pair('ec', { namedCurve: 'P-256' }, { alg: 'ES256', kid: 'es-1' }),
  holder: () => pair('ec', { namedCurve: 'P-256' }, { alg: 'ES256' }),
  'hs-empty': secret(''),
  'hs-short': secret('secret'),
  'hs-31': secret(deterministic('corpus 31', 31)),
  'hs-zeros': secret(new Uint8Array(32)),
  'hs-known': secret('a-string-secret-at-least-256-bits-long'),
  'hs-documented': secret('your-super-secret-jwt-token-with-at-least-32-characters-long'),
  'rsa-512': rsa(512),
  'rsa-1024': rsa(1024),
  'rsa-2047': rsa(2047),
  'rsa-exponent-1': bent('rs256', () => ({ e: 'AQ' })),
  'rsa-exponent-even': bent('rs256', () => ({ e: 'AQAA' })),
  'rsa-exponent-3': () =>
    pair('rsa', { modulusLength: 2048, publicExponent: 3 }, { alg: 'RS256', kid: 'rs-1' }),
  'rsa-even': bent('rs256', ({ n }) => ({ n: flipLast(n) })),
  'rsa-zero-front': bent('rs256', ({ n }) => ({
    n: Buffer.concat([Buffer.of(0), Buffer.from(String(n), 'base64url')]).toString('base64url'),
  })),
  'rsa-roca': rocaKey,
  'p384-as-es256': () => pair('ec', { namedCurve: 'P-384' }, { alg: 'ES256', kid: 'es-1' }),
  'p521-as-es256': () => pair('ec', { namedCurve: 'P-521' }, { alg: 'ES256', kid: 'es-1' }),
  'secp256k1-as-es256': () => pair('ec', { namedCurve: 'secp256k1' }, { alg: 'ES256', kid: 'es-1' }),
  'ed448-as-ed25519': () => pair('ed448', {}, { alg: 'Ed25519', kid: 'ed-1' }),
  'x25519-as-ed25519': () => pair('x25519', {}, { alg: 'Ed25519', kid: 'ed-1' }),
  'es256-for-encryption': told('es256', { use: 'enc' }),
  'es256-for-signing': told('es256', { key_ops: ['sign'] }),
  'es256-twice-verify': told('es256', { key_ops: ['verify', 'verify'] }),
  'es256-named-rs256': told('es256', { alg: 'RS256' }),
  'es256-named-es384': told('es256', { alg: 'ES384' }),
  'es256-named-hs256': told('es256', { alg: 'HS256' }),
  'es256-kty-rsa': told('es256', { kty: 'RSA' }),
  'es256-kid-number': told('es256', { kid: 1 }),
  'es256-kid-empty': told('es256', { kid: '' }),
  'es256-no-kid': told('es256', {}, 'kid'),
  'es256-no-alg': told('es256', {}, 'alg'),
  'es256-private': (of) => ({ jwk: of('es256').private ?? {} }),
  'es256-off-curve': bent('es256', ({ y }) => ({ y: flipLast(y) })),
  'es256-zero': bent('es256', () => ({ x: 'A'.repeat(43), y: 'A'.repeat(43) })),
  'es256-short-x': bent('es256', ({ x }) => ({
    x: Buffer.from(String(x), 'base64url').subarray(1).toString('base64url'),
  })),
  'es256-padded-x': bent('es256', ({ x }) => ({ x: `${x}=` })),
  'oct-beside': secret(deterministic('corpus oct', 32), { kid: 'hs-1' }),
  'ml-dsa-44': () => pair('ml-dsa-44', {}, { alg: 'ML-DSA-44', kid: 'pq-1' }),
  ...encryptionRecipes,
}
