/** The curves of ECDH-ES here (RFC 7518 §4.6, RFC 8037 §3.2). */
export interface AgreementCurve {
  readonly crv: string
  readonly kty: 'EC' | 'OKP'
  /** In bytes. */
  readonly coordinateLength: number
  /** Whether the public coordinates are those of a point that gives a secret. */
  holds(x: Uint8Array, y: Uint8Array | undefined): boolean
}

export function agreementCurve(crv: string | undefined): AgreementCurve | undefined {
  return curves.find((curve) => curve.crv === crv)
}

/** y² = x³ - 3x + b over the field of p, both coordinates below p (SP 800-56A §5.6.2.3.4). The cofactor is 1. */
function weierstrass(crv: string, coordinateLength: number, p: bigint, b: bigint): AgreementCurve {
  return {
    crv,
    kty: 'EC',
    coordinateLength,
    holds(xBytes, yBytes) {
      if (yBytes === undefined) return false
      const [x, y] = [numberOf(xBytes), numberOf(yBytes)]
      if (x >= p || y >= p) return false
      return (y * y - (x * x * x - 3n * x + b)) % p === 0n
    },
  }
}

/** RFC 7748 §6.1: the points of small order would give a secret that everybody knows. */
function montgomery25519(): AgreementCurve {
  const p = 2n ** 255n - 19n
  return {
    crv: 'X25519',
    kty: 'OKP',
    coordinateLength: 32,
    holds(bytes, y) {
      const u = numberOf(bytes.toReversed())
      return y === undefined && u < p && !SMALL_ORDER.has(u) && u !== p - 1n
    },
  }
}

function numberOf(bytes: Uint8Array): bigint {
  let hex = '0x0'
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return BigInt(hex)
}

const SMALL_ORDER: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
])

/** p and b of FIPS 186-4 D.1.2. */
const curves: readonly AgreementCurve[] = [
  weierstrass(
    'P-256',
    32,
    2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  ),
  weierstrass(
    'P-384',
    48,
    2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  ),
  weierstrass(
    'P-521',
    66,
    2n ** 521n - 1n,
    0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  ),
  montgomery25519(),
]
