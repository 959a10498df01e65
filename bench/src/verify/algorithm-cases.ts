import { type BenchAlgorithm, type KeyPair, keyPairFor, verifiedBy } from './algorithms.ts'
import { type Contender, checkJudgement, timedVerification, type Verification } from './contender.ts'
import { ours } from './ours.ts'
import { rivals } from './rivals.ts'
import { TokenPool } from './token-pool.ts'
import type { Timed } from './turns.ts'

export const verifyAlgorithms: readonly BenchAlgorithm[] = [
  'HS256',
  'RS256',
  'ES256',
  'Ed25519',
  'PS256',
  'ML-DSA-44',
]

/** Everybody who can verify by this algorithm, after each has shown its judgement; the floor stands first. */
export async function verifiersOf(
  alg: BenchAlgorithm,
  poolSize: number,
  only: readonly string[],
): Promise<readonly Timed[]> {
  const pair = keyPairFor(alg)
  const pool = new TokenPool(pair, poolSize)
  const timed: Timed[] = [floorOf(pool)]
  for (const contender of [...ours, ...rivals]) {
    if (only.length > 0 && !only.includes(contender.name)) continue
    const verification = await judged(contender, pair)
    if (verification === undefined) continue
    const own =
      verification.spelling === undefined ? pool : new TokenPool(pair, poolSize, verification.spelling)
    timed.push(timedVerification(contender.name, verification, own))
  }
  return timed
}

async function judged(contender: Contender, pair: KeyPair): Promise<Verification | undefined> {
  const verification = contender.make(pair)
  if (verification !== undefined) await checkJudgement(contender.name, verification, pair)
  return verification
}

/** Prepared signing inputs and signatures, under a prepared key. */
export function floorOf(pool: TokenPool): Timed {
  const verify = verifiedBy(pool.pair)
  return {
    name: 'floor',
    prepare: (count) => {
      const prepared = pool.prepared(count)
      return () => {
        let right = 0
        for (const { data, signature } of prepared) if (verify(data, signature)) right++
        return right
      }
    },
  }
}
