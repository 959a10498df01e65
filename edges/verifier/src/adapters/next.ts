import type { AccessClaims } from '@jotwarden/policy'
import type { AuthContext } from '../auth-context.ts'
import type { Verifier } from '../create-verifier.ts'
import { refusedToken } from '../refused-token.ts'
import type { RequestParts } from '../request-parts.ts'
import { checkedDemands, refuseUnmet, unusable } from './demands.ts'
import { answer } from './fetch.ts'
import { type AuthOptions, requestGuard } from './request-guard.ts'

export { type AuthHandler, withAuth } from './fetch.ts'
export type { AuthOf, AuthOptions } from './request-guard.ts'

/** What one call of `auth` demands. */
export type CallDemands = Pick<AuthOptions, 'scopes' | 'anyScope' | 'acrValues' | 'maxAge'>

/**
 * Makes `auth` for server components, server actions and the functions that read data: it verifies the token of the
 * request that is being rendered, of which Next.js tells no more than the headers. Wrap route handlers with `withAuth`
 * instead: there is no response here to answer a refusal with, so `auth` throws what `Verifier.authenticate` throws,
 * and what is not met of its demands. A token that is bound to a key is refused.
 *
 * @example
 * ```ts
 * import { headers } from 'next/headers'
 * export const auth = createAuth(verifier, headers)
 * ```
 */
export function createAuth<C extends AccessClaims>(
  verifier: Verifier<C>,
  headers: () => Promise<Pick<Headers, 'get'>>,
): (demands?: CallDemands) => Promise<AuthContext<C>> {
  return async (demands = {}) => {
    const sent = await headers()
    const auth = await verifier.authenticate(headersAlone(sent))
    if (auth.confirmation !== undefined)
      throw refusedToken('sender-constrained', 'it is bound to a key whose proof cannot be checked here')
    refuseUnmet(auth, checkedDemands(demands), verifier.now())
    return auth
  }
}

/**
 * Makes a function for `proxy.ts`: refuses early what has no good token, and lets all else go on. It stands in front of
 * the checks of handlers and of `auth`, and in place of none: what it has found out is not handed on, because a header
 * could be sent by anybody. Throws `verifier/options` at once for options that cannot work, and for a verifier that
 * takes DPoP, whose proofs can be checked only once.
 */
export function authProxy(
  verifier: Verifier,
  options: AuthOptions = {},
): (request: Request) => Promise<Response | undefined> {
  if (verifier.challenges.schemes.includes('DPoP'))
    throw unusable('verifier', 'takes DPoP, whose proofs the proxy would use up')
  const guard = requestGuard(verifier, options)
  return async (request) => {
    const admission = await guard.admit(request)
    return admission.admitted ? undefined : answer(admission.challenge)
  }
}

function headersAlone(headers: Pick<Headers, 'get'>): RequestParts {
  return {
    method: 'GET',
    url: 'https://unknown.invalid/',
    headers: (name) => {
      const line = headers.get(name)
      return line === null ? [] : [line]
    },
  }
}
