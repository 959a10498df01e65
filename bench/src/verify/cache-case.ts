import { keyPairFor } from './algorithms.ts'
import { type Contender, checkJudgement, timedVerification, type Verification } from './contender.ts'
import { oursWithCache } from './ours.ts'
import { fastJwt } from './rivals.ts'
import { TokenPool } from './token-pool.ts'
import type { Timed } from './turns.ts'

/** Tokens that were accepted before come again, each time in a new text; the floor is a `Map` that holds them all. */
export async function cachesOf(poolSize: number, only: readonly string[]): Promise<readonly Timed[]> {
  const pair = keyPairFor('ES256')
  const pool = new TokenPool(pair, poolSize)
  const timed: Timed[] = [timedVerification('floor', mapOf(pool), pool)]
  for (const { name, make } of [...oursWithCache, fastJwtWithCache]) {
    if (only.length > 0 && !only.includes(name)) continue
    const verification = make(pair)
    if (verification === undefined) continue
    await checkJudgement(name, verification, pair)
    for (const token of pool.fresh(poolSize))
      'sync' in verification ? verification.sync(token) : await verification.async(token)
    timed.push(timedVerification(name, verification, pool))
  }
  return timed
}

const fastJwtWithCache: Contender = { name: 'fast-jwt', make: (pair) => fastJwt(pair, true) }

function mapOf(pool: TokenPool): Verification {
  const known = new Map(pool.fresh(pool.size).map((token) => [token, {}]))
  return { sync: (token) => known.get(token) }
}
