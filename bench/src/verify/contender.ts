import type { KeyPair } from './algorithms.ts'
import { AUDIENCE, type Departure, ISSUER, SCOPE, type TokenPool, tokenOf } from './token-pool.ts'
import type { Timed } from './turns.ts'

/** A way to verify tokens of one key: it answers claims, or throws. */
export type Verification =
  | { readonly sync: (token: string) => unknown; readonly spelling?: string }
  | { readonly async: (token: string) => Promise<unknown>; readonly spelling?: string }

/** One library, or one way into it. `make` answers undefined where it does not know the algorithm. */
export interface Contender {
  readonly name: string
  make(pair: KeyPair): Verification | undefined
}

/** What is timed: every text of the batch verified, one after the other. */
export function timedVerification(name: string, verification: Verification, pool: TokenPool): Timed {
  return {
    name,
    prepare: (count) => {
      const tokens = pool.fresh(count)
      return 'sync' in verification
        ? () => acceptedBySync(verification.sync, tokens)
        : () => acceptedByAsync(verification.async, tokens)
    },
  }
}

function acceptedBySync(verify: (token: string) => unknown, tokens: readonly string[]): number {
  let accepted = 0
  for (const token of tokens) if (verify(token) !== undefined) accepted++
  return accepted
}

async function acceptedByAsync(
  verify: (token: string) => Promise<unknown>,
  tokens: readonly string[],
): Promise<number> {
  let accepted = 0
  for (const token of tokens) if ((await verify(token)) !== undefined) accepted++
  return accepted
}

/** Throws unless a good token passes and each of a few bad ones is refused: nobody is timed for checking less. */
export async function checkJudgement(name: string, verification: Verification, pair: KeyPair): Promise<void> {
  const spelled = verification.spelling === undefined ? {} : { header: { alg: verification.spelling } }
  if (!(await accepts(verification, tokenOf(pair, spelled))))
    throw new Error(`Cannot measure ${name}: it refuses a good ${pair.alg} token`)
  for (const [what, departure] of Object.entries(departures()))
    if (await accepts(verification, tokenOf(pair, { ...spelled, ...departure })))
      throw new Error(`Cannot measure ${name}: it accepts an ${pair.alg} token with ${what}`)
}

async function accepts(verification: Verification, token: string): Promise<boolean> {
  try {
    const answer = 'sync' in verification ? verification.sync(token) : await verification.async(token)
    return JSON.stringify(answer).includes(SCOPE)
  } catch {
    return false
  }
}

function departures(): Readonly<Record<string, Departure>> {
  const now = Math.floor(Date.now() / 1000)
  return {
    'a broken signature': { brokenSignature: true },
    'another issuer': { claims: { iss: `${ISSUER}.example` } },
    'another audience': { claims: { aud: `${AUDIENCE}/other` } },
    'a past expiry': { claims: { iat: now - 7200, exp: now - 3600 } },
  }
}
