import type { AuthorizationRequest } from './authorization-request.ts'
import { AuthorityError } from './errors.ts'

/** Where the browser goes back to with a code. `iss` is always there (RFC 9207 §2). */
export function codeLocation(request: AuthorizationRequest, code: string, issuer: string): string {
  return location(request.redirectUri, { code, ...stateOf(request.state), iss: issuer })
}

/** Where the browser goes back to with a refusal (RFC 6749 §4.1.2.1). Rethrows what is not an `oauth/*` refusal. */
export function errorLocation(
  redirectUri: string,
  state: string | null,
  error: unknown,
  issuer: string,
): string {
  if (!(error instanceof AuthorityError) || !error.code.startsWith('oauth/')) throw error
  const refusal = { error: error.code.slice('oauth/'.length), error_description: ascii(error.message) }
  return location(redirectUri, { ...refusal, ...stateOf(state), iss: issuer })
}

/** The registered URI keeps its every character; the answer is added to its query. */
function location(redirectUri: string, parameters: { readonly [name: string]: string }): string {
  const query = new URLSearchParams(parameters).toString()
  if (!redirectUri.includes('?')) return `${redirectUri}?${query}`
  return /[?&]$/.test(redirectUri) ? redirectUri + query : `${redirectUri}&${query}`
}

function stateOf(state: string | null): { readonly state?: string } {
  return state === null ? {} : { state }
}

/** RFC 6749 §4.1.2.1 allows printable ASCII but for the double quote and the backslash. */
export function ascii(message: string): string {
  return message.replaceAll('’', "'").replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, ' ')
}
