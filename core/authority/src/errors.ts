/**
 * Why the authority refused. `oauth/*` codes carry the word that the RFC gives the error after the slash
 * (RFC 6749 §4.1.2.1 and §5.2, RFC 7009 §2.2.1, RFC 8707 §2, OpenID Connect Core §3.1.2.6); an edge maps each to a status in one table.
 */
export type AuthorityErrorCode =
  | 'oauth/invalid_request'
  | 'oauth/invalid_client'
  | 'oauth/invalid_grant'
  | 'oauth/unauthorized_client'
  | 'oauth/unsupported_grant_type'
  | 'oauth/unsupported_token_type'
  | 'oauth/unsupported_response_type'
  | 'oauth/invalid_scope'
  | 'oauth/invalid_target'
  | 'oauth/access_denied'
  | 'oauth/login_required'
  | 'oauth/consent_required'
  | 'oauth/request_not_supported'
  | 'oauth/request_uri_not_supported'
  | 'oauth/registration_not_supported'
  | 'oauth/invalid_token'
  | 'oauth/insufficient_scope'
  | 'oauth/server_error'
  | 'oauth/temporarily_unavailable'
  | 'authority/throttled'
  | 'authority/settings'
  | 'authority/client-unknown'
  | 'authority/client-exists'
  | 'authority/client-invalid'
  | 'authority/secret-unknown'
  | 'authority/secret-conflict'
  | 'authority/secret-overlap'
  | 'authority/secret-last'
  | 'authority/holder-unknown'
  | 'authority/holder-exists'
  | 'authority/holder-invalid'
  | 'authority/holder-left'
  | 'authority/holders-full'
  | 'authority/account-unknown'
  | 'authority/account-exists'
  | 'authority/account-invalid'
  | 'authority/redirect-uri'
  | 'authority/interaction'
  | 'authority/claims'
  | 'authority/subject'
  | 'authority/selector'

/** The one error of this package. `message` is written for people and never holds a credential. */
export class AuthorityError extends Error {
  readonly code: AuthorityErrorCode
  /** Seconds until it may be asked again, where that is known. */
  readonly retryAfter: number | undefined

  constructor(
    code: AuthorityErrorCode,
    message: string,
    options?: ErrorOptions & { readonly retryAfter?: number },
  ) {
    super(message, options)
    this.name = 'AuthorityError'
    this.code = code
    this.retryAfter = options?.retryAfter
  }
}
