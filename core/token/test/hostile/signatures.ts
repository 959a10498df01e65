import { Buffer } from 'node:buffer'
import { decodeBase64url } from '@jotwarden/token'
import { ed25519, es256, everyAlgorithm, type KeySample, rs256, segment, signedToken } from '../samples.ts'
import type { HostileToken } from './hostile-token.ts'

/** Signatures of a wrong form, length or range (RFC 7518 §3.2-3.4, RFC 8032 §5.1.7). */
export function signatureAttacks(): readonly HostileToken[] {
  return [...wrongLengths(), ...ecdsaRanges(), ...ecdsaForms(), ...otherMath(), ...borrowed()]
}

function wrongLengths(): HostileToken[] {
  return everyAlgorithm.flatMap((sample) => {
    const { input, signature } = taken(signedToken(sample))
    const wrong = (title: string, bytes: Uint8Array): HostileToken =>
      refused(`${sample.alg}: ${title}`, input, bytes, sample)
    return [
      wrong('empty', Buffer.alloc(0)),
      wrong('one byte', Buffer.alloc(1)),
      wrong('last byte removed', signature.subarray(0, -1)),
      wrong('first byte removed', signature.subarray(1)),
      wrong('zero appended', Buffer.concat([signature, Buffer.alloc(1)])),
      wrong('zero in front', Buffer.concat([Buffer.alloc(1), signature])),
      wrong('doubled', Buffer.concat([signature, signature])),
      wrong('half', signature.subarray(0, signature.length / 2)),
      wrong('all zeros', Buffer.alloc(signature.length)),
      wrong('all ones', Buffer.alloc(signature.length, 0xff)),
      wrong('reversed', Uint8Array.from(signature).reverse()),
      { ...wrong('of 21 kB', Buffer.alloc(21_000, 7)), code: 'token/too-large' },
      wrong('of 11 kB', Buffer.alloc(11_000, 7)),
    ]
  })
}

function ecdsaRanges(): HostileToken[] {
  const { input, signature } = taken(signedToken(es256))
  const numbers: readonly (readonly [string, bigint])[] = [
    ['0', 0n],
    ['1', 1n],
    ['n-1', N - 1n],
    ['n', N],
    ['n+1', N + 1n],
    ['p', P],
    ['2^256-1', 2n ** 256n - 1n],
  ]
  const pairs = numbers.flatMap(([rName, r]) =>
    numbers.map(([sName, s]) =>
      refused(`ES256: r ${rName}, s ${sName}`, input, rs(fixed(r), fixed(s)), es256),
    ),
  )
  const halves = numbers.flatMap(([name, number]) => [
    refused(`ES256: r ${name} before the true s`, input, rs(fixed(number), signature.subarray(32)), es256),
    refused(`ES256: s ${name} after the true r`, input, rs(signature.subarray(0, 32), fixed(number)), es256),
  ])
  const swapped = rs(signature.subarray(32), signature.subarray(0, 32))
  return [...pairs, ...halves, refused('ES256: r and s swapped', input, swapped, es256)]
}

function ecdsaForms(): HostileToken[] {
  const { input, signature } = taken(signedToken(es256))
  const r = signature.subarray(0, 32)
  const s = signature.subarray(32)
  return [
    refused('ES256: DER', input, der(r, s), es256),
    refused('ES256: DER cut to 64 bytes', input, der(r, s).subarray(0, 64), es256),
    refused('ES256: r and s as of P-384', input, rs(rs(Buffer.alloc(16), r), rs(Buffer.alloc(16), s)), es256),
    refused('ES256: r and s little-endian', input, rs(reversed(r), reversed(s)), es256),
    refused('ES256: hex text', input, Buffer.from(Buffer.from(signature).toString('hex')), es256),
  ]
}

function otherMath(): HostileToken[] {
  const ed = taken(signedToken(ed25519))
  const scalar = fixed(fromBytes(reversed(ed.signature.subarray(32))) + L)
  const rsa = taken(signedToken(rs256))
  const one = Buffer.alloc(rsa.signature.length)
  one[one.length - 1] = 1
  return [
    refused('Ed25519: s + L', ed.input, rs(ed.signature.subarray(0, 32), reversed(scalar)), ed25519),
    refused(
      'Ed25519: halves swapped',
      ed.input,
      rs(ed.signature.subarray(32), ed.signature.subarray(0, 32)),
      ed25519,
    ),
    refused('Ed25519: R the neutral point, s 0', ed.input, rs(Buffer.from([1]), Buffer.alloc(63)), ed25519),
    refused('RS256: the number 1', rsa.input, one, rs256),
    refused('RS256: plus the modulus', rsa.input, plusModulus(rsa.signature), rs256),
  ]
}

/** True signatures over other texts. */
function borrowed(): HostileToken[] {
  return everyAlgorithm.flatMap((sample) => {
    const one = taken(signedToken(sample))
    const other = taken(signedToken(sample, { extra: 1 }))
    const [, payload] = one.input.split('.')
    const [otherHeader] = other.input.split('.')
    return [
      refused(`${sample.alg}: the signature of another token`, one.input, other.signature, sample),
      refused(
        `${sample.alg}: another header before a signed payload`,
        `${otherHeader}.${payload}`,
        one.signature,
        sample,
      ),
      refused(
        `${sample.alg}: another payload`,
        `${otherHeader}.${segment('{"sub":"root"}')}`,
        other.signature,
        sample,
      ),
    ]
  })
}

function refused(title: string, input: string, signature: Uint8Array, sample: KeySample): HostileToken {
  const token = `${input}.${segment(signature)}`
  return { title: `signature ${title}`, token, keys: sample.verifyKey, code: 'token/signature' }
}

function taken(token: string): { readonly input: string; readonly signature: Uint8Array } {
  const end = token.lastIndexOf('.')
  return { input: token.slice(0, end), signature: decodeBase64url(token.slice(end + 1)) }
}

function plusModulus(signature: Uint8Array): Uint8Array {
  const sum = fromBytes(signature) + fromBytes(decodeBase64url(rs256.publicJwk.n ?? ''))
  const hex = sum.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
}

function der(r: Uint8Array, s: Uint8Array): Uint8Array {
  const body = Buffer.concat([integer(r), integer(s)])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

function integer(bytes: Uint8Array): Uint8Array {
  const signed = Buffer.concat([Buffer.alloc((bytes[0] ?? 0) & 0x80 ? 1 : 0), bytes])
  return Buffer.concat([Buffer.from([0x02, signed.length]), signed])
}

function rs(r: Uint8Array, s: Uint8Array): Uint8Array {
  return Buffer.concat([r, s])
}

function reversed(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes).reverse()
}

function fixed(number: bigint): Uint8Array {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex')
}

function fromBytes(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

/** The order and the prime of P-256 (SEC 2 §2.4.2), and the order of Ed25519's base point (RFC 8032 §5.1). */
export const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const L = 2n ** 252n + 27742317777372353535851937790883648493n
