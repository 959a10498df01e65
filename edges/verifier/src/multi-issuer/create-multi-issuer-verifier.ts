import { decodeUnverified } from '@jotwarden/token'
import type { AuthContext } from '../auth-context.ts'
import { createVerifier, type Verifier } from '../create-verifier.ts'
import { presentedCredentials } from '../credentials.ts'
import { invalid } from '../invalid-option.ts'
import { asRefusal, refusedToken } from '../refused-token.ts'
import { type RequestParts, requestParts } from '../request-parts.ts'
import type { RevocationStatus, VerifyOptions } from '../revocation-source.ts'
import { noEvents, type VerifierCounters } from '../verifier-event.ts'
import type { VerifierOptions } from '../verifier-options.ts'
import { outcomesOf } from '../verify-many.ts'

/**
 * Makes one verifier of several issuers, each with its own keys, audience, algorithms and revocations. The `iss` of a
 * token, which nobody vouches for yet, chooses among them and nothing else: the verifier it leads to checks that its
 * own keys have signed that very `iss` (RFC 8725 §3.8). A token of any other issuer costs no fetch. Opaque tokens name no
 * issuer and are refused; `keySet()` gives the key sets by issuer. Throws `verifier/options` for no issuer, and for one that is named twice.
 */
export function createMultiIssuerVerifier(issuers: readonly VerifierOptions[]): Verifier {
  const verifiers = byIssuer(issuers)
  const all = [...verifiers.values()] as [Verifier, ...Verifier[]]
  const [first] = all
  const challenges = challengesOf(all)
  const close = async (): Promise<void> => void (await Promise.all(all.map((one) => one.close())))
  let strangers = 0

  function verifierOf(token: string): Verifier {
    const found = verifiers.get(unverifiedIssuer(token))
    if (found !== undefined) return found
    strangers += 1
    throw refusedToken('wrong-issuer', 'its issuer is none of ours')
  }

  async function verifyBeside(token: string, call: VerifyOptions | undefined): Promise<AuthContext> {
    const [outcome] = await verifierOf(token).verifyMany([token], call)
    if (outcome?.accepted) return outcome.auth
    throw outcome?.error
  }

  return Object.freeze({
    verify: async (token, call) => verifierOf(token).verify(token, call),
    verifyMany: (tokens, call) => outcomesOf(tokens, (token) => verifyBeside(token, call)),
    verifySync: (token, call) => verifierOf(token).verifySync(token, call),
    authenticate: async (request: Request | RequestParts, call) => {
      const { token } = presentedCredentials(requestParts(request), challenges.schemes)
      return verifierOf(token).authenticate(request, call)
    },
    ready: async () => void (await Promise.all(all.map((one) => one.ready()))),
    revocation: together(all.flatMap(({ revocation }) => revocation ?? [])),
    challenges,
    now: () => first.now(),
    counters: () => sum(all, strangers),
    keySet: () => Object.fromEntries([...verifiers].map(([issuer, one]) => [issuer, one.keySet()])),
    close,
    [Symbol.asyncDispose]: close,
  } satisfies Verifier)
}

function byIssuer(issuers: readonly VerifierOptions[]): ReadonlyMap<string, Verifier> {
  if (!Array.isArray(issuers) || issuers.length === 0)
    throw invalid('issuers', 'names none', 'pass the options of a verifier for each issuer')
  const verifiers = new Map<string, Verifier>()
  for (const options of issuers) {
    const verifier = createVerifier(options)
    if (verifiers.has(options.issuer))
      throw invalid('issuer', 'is named twice', 'pass each issuer once, with all its audiences')
    verifiers.set(options.issuer, verifier)
  }
  return verifiers
}

/** Throws `verifier/invalid-token` for a token of wrong form. */
function unverifiedIssuer(token: string): string {
  try {
    const { iss } = decodeUnverified(token).claims
    return typeof iss === 'string' ? iss : ''
  } catch (cause) {
    throw asRefusal(cause)
  }
}

/** The knowledge of all issuers is as old as the oldest. */
function together(statuses: readonly RevocationStatus[]): RevocationStatus | null {
  const [first] = statuses
  if (first === undefined) return null
  const stalest = (): RevocationStatus =>
    statuses.reduce((one, other) => (other.staleness() > one.staleness() ? other : one), first)
  return Object.freeze({
    staleness: () => stalest().staleness(),
    cursor: () => null,
    marks: () => statuses.reduce((count, one) => count + one.marks(), 0),
    state: () => stalest().state(),
  })
}

function challengesOf(verifiers: readonly Verifier[]): Verifier['challenges'] {
  const schemes = new Set(verifiers.flatMap((one) => one.challenges.schemes))
  const algs = new Set(verifiers.flatMap((one) => one.challenges.algs))
  return Object.freeze({ schemes: Object.freeze([...schemes]), algs: Object.freeze([...algs]) })
}

function sum(verifiers: readonly Verifier[], strangers: number): VerifierCounters {
  const total = { ...noEvents, refused: strangers }
  for (const counters of verifiers.map((one) => one.counters()))
    for (const name of Object.keys(total) as (keyof VerifierCounters)[]) total[name] += counters[name]
  return Object.freeze(total)
}
