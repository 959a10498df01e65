import { Buffer } from 'node:buffer'
import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, type Short } from './case-group.ts'
import { claimsText, headerText, segment, type Workshop } from './workshop.ts'

/** Signatures of every wrong shape, over a token that is good otherwise. */
export function signatures(shop: Workshop): readonly HostileCase[] {
  return caseGroup('signature', 'RFC 7518 §3.3, §3.4; RFC 8725 §3.3', [
    ...ofEcdsa(shop),
    ...numbers(shop),
    ...moved(shop),
    ...ofEd25519(shop),
    ...ofRsa(shop),
  ])
}

const over = (key: string): string =>
  `${segment(headerText({ alg: ALG[key], kid: KID[key] }))}.${segment(claimsText())}`

function short(
  key: string,
  what: string,
  title: string,
  signature: Uint8Array,
  verdict: string = NO,
  because: { readonly why?: string } = {},
): Short {
  return [what, title, `${over(key)}.${segment(signature)}`, verdict, because]
}

function ofEcdsa(shop: Workshop): readonly Short[] {
  const good = shop.signature('es256', over('es256'))
  const r = good.subarray(0, 32)
  const s = good.subarray(32)
  const huge = {
    why: 'exact length before decoding: verifiers have copied such signatures into a buffer of fixed size',
  }
  return [
    short('es256', 'es256-short', 'ES256, one byte short', good.subarray(0, 63)),
    short('es256', 'es256-long', 'ES256, one byte more', Buffer.concat([good, Buffer.of(0)])),
    short('es256', 'es256-front', 'ES256, a zero in front', Buffer.concat([Buffer.of(0), good])),
    short('es256', 'es256-der', 'ES256 as DER', derOf(r, s)),
    short('es256', 'es256-half', 'ES256, r alone', r),
    short('es256', 'es256-double', 'ES256, twice', Buffer.concat([good, good])),
    short('es256', 'es256-swapped', 'ES256, s before r', Buffer.concat([s, r])),
    short(
      'es256',
      'es256-backwards',
      'ES256, its numbers in little endian',
      Buffer.concat([Buffer.from(r).reverse(), Buffer.from(s).reverse()]),
    ),
    short('es256', 'es256-12k', 'ES256 of 9,000 bytes', Buffer.alloc(9000, 0x41), NO, huge),
    short('es256', 'es256-21k', 'ES256 of 21,000 bytes', Buffer.alloc(21_000, 0x41), 'token/too-large', huge),
    short(
      'es256',
      'control-high-s',
      'ES256 with n − s: as good as s, so no list may name tokens by their text',
      Buffer.concat([r, bytes(N - number(s))]),
      'accept',
    ),
    short('es256', 'control', 'ES256 as it was made', good, 'accept'),
  ]
}

/** CVE-2022-21449: a verifier that does not check the range accepts r = s = 0 for every message. */
function numbers(shop: Workshop): readonly Short[] {
  const good = shop.signature('es256', over('es256'))
  const r = good.subarray(0, 32)
  const s = good.subarray(32)
  const why = { why: 'CVE-2022-21449: r and s within 1 to n − 1' }
  const pairs: readonly (readonly [what: string, title: string, r: Uint8Array, s: Uint8Array])[] = [
    ['zero-zero', 'r = s = 0', bytes(0n), bytes(0n)],
    ['zero-s', 'r = 0', bytes(0n), s],
    ['r-zero', 's = 0', r, bytes(0n)],
    ['one-one', 'r = s = 1', bytes(1n), bytes(1n)],
    ['n-n', 'r = s = n', bytes(N), bytes(N)],
    ['n-s', 'r = n', bytes(N), s],
    ['r-n', 's = n', r, bytes(N)],
    ['p-p', 'r = s = p', bytes(P), bytes(P)],
    ['last-last', 'r = s = n − 1', bytes(N - 1n), bytes(N - 1n)],
    ['ones', 'all bits set', bytes(2n ** 256n - 1n), bytes(2n ** 256n - 1n)],
  ]
  return pairs.map(([what, title, one, other]) =>
    short('es256', `es256-${what}`, `ES256 with ${title}`, Buffer.concat([one, other]), NO, why),
  )
}

function moved(shop: Workshop): readonly Short[] {
  const other = shop.token({}, { sub: 'admin' })
  const [head = '', body = ''] = shop.token().split('.')
  const signature = other.slice(other.lastIndexOf('.') + 1)
  const alone = shop.signature('es256', body).toString('base64url')
  const swapped = shop.signature('es256', `${body}.${head}`).toString('base64url')
  const text = shop.signature('es256', `${headerText()}.${claimsText()}`).toString('base64url')
  return [
    ['of-another', 'the signature of another token', `${head}.${body}.${signature}`, NO],
    [
      'payload-swapped',
      'another payload under a good signature',
      shop.token().replace(body, segment(claimsText({ sub: 'admin' }))),
      NO,
    ],
    ['over-payload', 'a signature over the payload alone', `${head}.${body}.${alone}`, NO],
    [
      'over-swapped',
      'a signature over payload and header the other way round',
      `${head}.${body}.${swapped}`,
      NO,
    ],
    ['over-text', 'a signature over the decoded texts', `${head}.${body}.${text}`, NO],
  ]
}

function ofEd25519(shop: Workshop): readonly Short[] {
  const good = shop.signature('ed25519', over('ed25519'))
  const s = littleEndian(good.subarray(32))
  const plusL = Buffer.concat([good.subarray(0, 32), Buffer.from(bytes(s + L)).reverse()])
  const why = { why: 'RFC 8032 §5.1.7: S below the order, or one message has two signatures' }
  return [
    short('ed25519', 'ed25519-plus-order', 'Ed25519 with S + L', plusL, NO, why),
    short('ed25519', 'ed25519-short', 'Ed25519, one byte short', good.subarray(0, 63)),
    short('ed25519', 'ed25519-zero', 'Ed25519 of zeros', Buffer.alloc(64)),
    short(
      'ed25519',
      'ed25519-identity',
      'Ed25519 with the identity as R and S = 0',
      Buffer.concat([Buffer.of(1), Buffer.alloc(63)]),
    ),
  ]
}

function ofRsa(shop: Workshop): readonly Short[] {
  const good = shop.signature('rs256', over('rs256'))
  const modulus = number(Buffer.from(String(shop.keys.rs256?.jwk.n), 'base64url'))
  const plusN = number(good) + modulus
  const pss = shop.signature('rs256', over('rs256'), 'PS256')
  const hash512 = shop.signature('rs256', over('rs256'), 'RS512')
  return [
    short('rs256', 'rs256-zero-front', 'RS256, a zero in front', Buffer.concat([Buffer.of(0), good])),
    short('rs256', 'rs256-short', 'RS256, one byte short', good.subarray(0, 255)),
    short('rs256', 'rs256-plus-n', 'RS256 with s + n', bytes(plusN, plusN >= 2n ** 2048n ? 257 : 256)),
    short('rs256', 'rs256-zero', 'RS256 of zeros', Buffer.alloc(256)),
    short('rs256', 'rs256-one', 'RS256 with s = 1', bytes(1n, 256)),
    short('rs256', 'rs256-pss', 'RS256 that is a PSS signature', pss),
    short('rs256', 'rs256-sha512', 'RS256 over SHA-512', hash512),
  ]
}

function derOf(r: Uint8Array, s: Uint8Array): Buffer {
  const integer = (value: Uint8Array): Buffer => {
    const padded = (value[0] ?? 0) > 127 ? Buffer.concat([Buffer.of(0), value]) : Buffer.from(value)
    return Buffer.concat([Buffer.of(2, padded.length), padded])
  }
  const inner = Buffer.concat([integer(r), integer(s)])
  return Buffer.concat([Buffer.of(0x30, inner.length), inner])
}

const number = (value: Uint8Array): bigint => BigInt(`0x${Buffer.from(value).toString('hex') || '0'}`)
const littleEndian = (value: Uint8Array): bigint => number(Buffer.from(value).reverse())
const bytes = (value: bigint, length = 32): Buffer =>
  Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')

const NO = 'token/signature'
const ALG: Readonly<Record<string, string>> = { es256: 'ES256', rs256: 'RS256', ed25519: 'Ed25519' }
const KID: Readonly<Record<string, string>> = { es256: 'es-1', rs256: 'rs-1', ed25519: 'ed-1' }
/** Order and field of P-256, order of edwards25519. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const L = 2n ** 252n + 27742317777372353535851937790883648493n
