import { createVerifier, type Verifier, type VerifierOptions } from '@jotwarden/verifier'
import { tokenCache } from '@jotwarden/verifier/cache'
import { dpop } from '@jotwarden/verifier/dpop'
import { createMultiIssuerVerifier } from '@jotwarden/verifier/multi-issuer'
import type { CaseKeys, HostileCase } from '../hostile-case.ts'
import { jwksOf } from './key-set-of.ts'

/** How a verifier is set up: the keys at hand, a cache beside, the keys fetched, or one issuer among several. */
export type Setup = 'plain' | 'cached' | 'fetched' | 'several'

/** A verifier with the policy of the case. */
export function verifierFor(
  one: HostileCase,
  keys: CaseKeys,
  clock: { now: number },
  setup: Setup,
): Verifier {
  const { issuer, audience, algorithms, skew, dpop: proof } = one.policy
  const jwks = { keys: jwksOf(one, keys) }
  const options = {
    issuer,
    audience,
    skew,
    algorithms: algorithms as NonNullable<VerifierOptions['algorithms']>,
    revocation: null,
    clock: { now: () => clock.now },
    ...(setup === 'fetched' ? { fetch: issuing(issuer, jwks) } : { jwks, jwksUri: null }),
    ...(setup === 'cached' ? { cache: tokenCache() } : {}),
    ...(proof === undefined
      ? {}
      : { dpop: dpop({ nonce: proof.nonce === null ? null : { secret: proof.nonce } }) }),
  }
  if (setup !== 'several') return createVerifier(options)
  return createMultiIssuerVerifier([{ ...options, issuer: 'https://second.example' }, options])
}

/** The network as far as a verifier of that issuer sees it; whatever else is asked for is an error. */
function issuing(issuer: string, jwks: unknown): NonNullable<VerifierOptions['fetch']> {
  const documents: Readonly<Record<string, unknown>> = {
    [`${issuer}/.well-known/oauth-authorization-server`]: { issuer, jwks_uri: `${issuer}/jwks.json` },
    [`${issuer}/jwks.json`]: jwks,
  }
  return async (url) => {
    const document = documents[String(url)]
    if (document === undefined) throw new TypeError('nothing is there')
    return Response.json(document)
  }
}
