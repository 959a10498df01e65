import type { AccessClaims } from '@jotwarden/policy'
import type { AuthContext } from './auth-context.ts'
import { VerifierError } from './errors.ts'

/** What became of one token among many. */
export type VerifyOutcome<C extends AccessClaims = AccessClaims> =
  | { readonly accepted: true; readonly auth: AuthContext<C> }
  | { readonly accepted: false; readonly error: VerifierError }

/** Verifies so many at a time, and answers in the order of the tokens. */
export async function outcomesOf(
  tokens: readonly string[],
  verify: (token: string) => Promise<AuthContext>,
): Promise<readonly VerifyOutcome[]> {
  const outcomes: VerifyOutcome[] = new Array(tokens.length)
  let next = 0
  const work = async (): Promise<void> => {
    for (let at = next++; at < tokens.length; at = next++)
      outcomes[at] = await outcomeOf(tokens[at] ?? '', verify)
  }
  await Promise.all(Array.from({ length: Math.min(atATime, tokens.length) }, work))
  return outcomes
}

async function outcomeOf(
  token: string,
  verify: (token: string) => Promise<AuthContext>,
): Promise<VerifyOutcome> {
  try {
    return { accepted: true, auth: await verify(token) }
  } catch (error) {
    if (error instanceof VerifierError) return { accepted: false, error }
    throw error
  }
}

/** Enough to keep the threads busy, and few enough not to fill the memory with half-checked tokens. */
const atATime = 64
