import type { AccessClaims } from '@jotwarden/policy'
import type { Verifier } from '../create-verifier.ts'
import { unusable } from './demands.ts'
import { type AuthOf, type AuthOptions, requestGuard } from './request-guard.ts'

export type { AuthOf, AuthOptions } from './request-guard.ts'

/** A handler of the Fetch kind that also gets who calls, and whatever else its host passes. */
export type AuthHandler<A, Rest extends readonly unknown[]> = (
  request: Request,
  auth: A,
  ...rest: Rest
) => Response | Promise<Response>

/**
 * Wraps a handler of the Fetch kind: it runs for requests that meet the demands alone. Refusals, also those that the
 * handler causes by `auth.require`, are answered as RFC 6750 §3 says, with `no-store`. Throws `verifier/options` at
 * once for options that cannot work.
 */
export function withAuth<
  C extends AccessClaims,
  const O extends AuthOptions,
  Rest extends readonly unknown[],
>(
  verifier: Verifier<C>,
  options: O,
  handler: AuthHandler<AuthOf<O, C>, Rest>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  const guard = requestGuard(verifier, options)
  if (typeof handler !== 'function')
    throw unusable('handler', 'is no function; pass withAuth the verifier, the demands, and then the handler')
  return async (request, ...rest) => {
    const admission = await guard.admit(request)
    if (!admission.admitted) return answer(admission.challenge)
    const { auth, headers } = admission
    try {
      // AuthOf says that it is there where `optional` is not
      return withHeaders(await handler(request, auth as AuthOf<O, C>, ...rest), headers)
    } catch (error) {
      const refusal = guard.answerTo(error, auth)
      if (refusal === undefined) throw error
      return answer(refusal)
    }
  }
}

/** A refusal as a response, without a body. */
export function answer({
  status,
  headers,
}: {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}): Response {
  return new Response(null, { status, headers })
}

/** The response with these headers too. Those of a response that was fetched cannot be changed in place. */
export function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  if (Object.keys(headers).length === 0) return response
  const changed = new Response(response.body, response)
  for (const [name, value] of Object.entries(headers)) changed.headers.set(name, value)
  return changed
}
