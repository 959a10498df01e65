import { type Draft, signed, signingInput } from '../draft.ts'
import type { SeededRandom } from '../random.ts'
import type { Mutation } from './mutation.ts'

/** What becomes of the bytes of the signature. */
export const signatureMutations: readonly Mutation[] = [
  bytes('empty', () => Buffer.alloc(0)),
  bytes('zeros', ({ signature }) => Buffer.alloc(signature.length)),
  bytes('shorter', ({ signature }, random) => signature.subarray(0, random.below(signature.length + 1))),
  bytes('longer', ({ signature }, random) => Buffer.concat([signature, random.bytes(1 + random.below(40))])),
  bytes('zero-in-front', ({ signature }) => Buffer.concat([Buffer.alloc(1), signature])),
  bytes('bit-changed', ({ signature }, random) => {
    const changed = Buffer.from(signature)
    const at = random.below(Math.max(1, changed.length))
    if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
    return changed
  }),
  bytes('halves-swapped', ({ signature }) =>
    Buffer.concat([signature.subarray(signature.length / 2), signature.subarray(0, signature.length / 2)]),
  ),
  bytes('other-s', ({ signature }) => (signature.length === 64 ? withOtherS(signature) : signature)),
  bytes('der', ({ signature }) => (signature.length === 64 ? der(signature) : signature)),
  bytes('of-other-content', (draft) => signed(`${signingInput(draft)}x`, draft.signing)),
  bytes('huge', () => Buffer.alloc(21_000, 7)),
]

function bytes(name: string, make: (draft: Draft, random: SeededRandom) => Buffer): Mutation {
  return {
    name: `signature-${name}`,
    stage: 'signature',
    apply(draft, random) {
      draft.signature = make(draft, random)
      return `${draft.signature.length} bytes`
    },
  }
}

/** n - s instead of s: the same for ECDSA, but other bytes. */
function withOtherS(signature: Buffer): Buffer {
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const other = s < ORDER ? ORDER - s : s
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(other.toString(16).padStart(64, '0'), 'hex')])
}

function der(signature: Buffer): Buffer {
  const number = (half: Buffer): Buffer => Buffer.concat([Buffer.from([2, half.length + 1, 0]), half])
  const both = Buffer.concat([number(signature.subarray(0, 32)), number(signature.subarray(32))])
  return Buffer.concat([Buffer.from([0x30, both.length]), both])
}

/** The order of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
