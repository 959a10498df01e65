import type { Freshen } from '../auth-context.ts'
import { VerifierError } from '../errors.ts'
import type { IssuerMetadata } from '../metadata.ts'
import type { Fetch } from '../platform.ts'
import { freshClaims } from './fresh-claims.ts'
import { introspect } from './introspection.ts'
import type { CheckedRevocation } from './revocation-options.ts'

/** What {@link freshener} is told. */
export interface FreshenerOptions {
  readonly revocation: CheckedRevocation | null
  readonly metadata: IssuerMetadata
  readonly fetch: Fetch
  readonly timeout: number
}

/** Makes what stands behind `AuthContext.requireFresh`. */
export function freshener({ revocation, ...rest }: FreshenerOptions): Freshen {
  if (revocation !== null)
    return async ({ token, claims }) => freshClaims(claims, await introspect(token, { revocation, ...rest }))
  return async () => {
    throw new VerifierError(
      'verifier/options',
      'Cannot ask the issuer of the token: the verifier has no credential; pass one as the option revocation',
    )
  }
}
