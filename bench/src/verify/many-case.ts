import { floorOf } from './algorithm-cases.ts'
import { keyPairFor } from './algorithms.ts'
import { verifierOf } from './ours.ts'
import { TokenPool } from './token-pool.ts'
import type { Timed } from './turns.ts'

/** Many tokens at once, on every core, beside the bare cryptography on one. */
export async function verifyManyOf(poolSize: number): Promise<readonly Timed[]> {
  const pair = keyPairFor('ES256')
  const pool = new TokenPool(pair, poolSize)
  const verifier = verifierOf(pair)
  if (verifier === undefined) throw new Error('Cannot measure verifyMany: there is no verifier for ES256')
  const many: Timed = {
    name: 'jotwarden',
    fewest: AT_ONCE,
    prepare: (count) => {
      const tokens = pool.fresh(count)
      return async () => (await verifier.verifyMany(tokens)).filter((one) => one.accepted).length
    },
  }
  return [{ ...floorOf(pool), fewest: AT_ONCE }, many]
}

const AT_ONCE = 256
