import type { AuthorityErrorCode } from '@jotwarden/authority'
import type { Explanation } from '../explanation.ts'

type Code = Extract<AuthorityErrorCode, `oauth/${string}`>

/** What the standards have a word for; after the slash stands what the client reads in `error`. */
export const oauthRows: Readonly<Record<Code, Explanation>> = {
  'oauth/invalid_request': {
    means: 'The request lacks a parameter, has one twice, or has one that is malformed.',
    matters: 'Parameters that are there twice are read differently by what stands on the way.',
    sources: ['RFC 6749 §4.1.2.1', 'RFC 6749 §5.2', 'RFC 6749 §3.1'],
    mend: 'The message names the parameter. Send each once, in the body where the endpoint takes a form.',
  },
  'oauth/invalid_client': {
    means:
      'The client could not prove who it is: unknown, no credential, a wrong one, or in another way than registered.',
    matters: 'Which of these it was is not told, so that client ids cannot be searched for.',
    sources: ['RFC 6749 §5.2', 'RFC 6749 §2.3'],
    mend: 'Check id and secret and how they are sent: `jotwarden clients list`. In HTTP Basic both are form-encoded first.',
  },
  'oauth/invalid_grant': {
    means:
      'The code or refresh token is unknown, expired, used or revoked, belongs to another client, or its PKCE verifier does not match.',
    matters: 'A code that is presented twice, or a refresh token that was replaced, may have been stolen.',
    sources: ['RFC 6749 §5.2', 'RFC 7636 §4.6', 'RFC 9700 §4.14.2'],
    mend: 'Begin the sign-in again. If it happens often, look for two processes that share one refresh token without sharing its successor.',
  },
  'oauth/unauthorized_client': {
    means: 'The client is known, but may not do this.',
    matters: 'A client has only the grants that it was registered for.',
    sources: ['RFC 6749 §4.1.2.1', 'RFC 6749 §5.2'],
    mend: 'Register the client with this grant, or as a resource server where it asks about tokens.',
  },
  'oauth/unsupported_grant_type': {
    means: 'The `grant_type` is none that this authority knows.',
    matters: 'Password and implicit grants are gone from OAuth 2.1 and are not offered.',
    sources: ['RFC 6749 §5.2', 'RFC 9700 §2.4'],
    mend: 'Use `authorization_code`, `refresh_token` or `client_credentials`.',
  },
  'oauth/unsupported_token_type': {
    means: 'A token of this kind cannot be taken back.',
    matters: 'Only what the authority can make others forget is said to be revoked.',
    sources: ['RFC 7009 §2.2.1'],
    mend: 'Revoke the refresh token or the access token.',
  },
  'oauth/unsupported_response_type': {
    means: 'The `response_type` is another than `code`.',
    matters: 'Tokens in the address of a redirect leak through histories and logs.',
    sources: ['RFC 6749 §4.1.2.1', 'RFC 9700 §2.1.2'],
    mend: 'Use the code flow with PKCE.',
  },
  'oauth/invalid_scope': {
    means: 'The scope is malformed, missing, or wider than the client or the earlier grant allows.',
    matters: 'A refresh may narrow what was granted and never widen it.',
    sources: ['RFC 6749 §3.3', 'RFC 6749 §5.2', 'RFC 6749 §6'],
    mend: 'Ask for less, or register the client with more.',
  },
  'oauth/invalid_target': {
    means: 'The `resource` is malformed, unknown, or not among those that were granted.',
    matters: 'The audience of a token is what keeps one API from using it at another.',
    sources: ['RFC 8707 §2'],
    mend: 'Name a resource of the configuration, as it is written there. Without `resource`, there must be one that is meant.',
  },
  'oauth/access_denied': {
    means: 'The person, or the authority for them, said no.',
    matters: 'It is an answer, not a fault.',
    sources: ['RFC 6749 §4.1.2.1'],
    mend: 'Tell the person what the app needs the access for, and let them try again.',
  },
  'oauth/login_required': {
    means: 'The request said `prompt=none`, and the person is not signed in as it asks for.',
    matters: 'Nothing may be shown to the person under `prompt=none`.',
    sources: ['OpenID Connect Core §3.1.2.6'],
    mend: 'Send the person through a sign-in without `prompt=none`.',
  },
  'oauth/consent_required': {
    means: 'The request said `prompt=none`, and the person has not agreed to what it asks for.',
    matters: 'Nothing may be shown to the person under `prompt=none`.',
    sources: ['OpenID Connect Core §3.1.2.6'],
    mend: 'Ask once without `prompt=none`.',
  },
  'oauth/request_not_supported': {
    means: 'The request brings a request object, and those are not supported.',
    matters: 'Parameters that are skipped would be parameters that nobody checked.',
    sources: ['OpenID Connect Core §3.1.2.6', 'RFC 9101 §6.3'],
    mend: 'Send the parameters in the query or the form.',
  },
  'oauth/request_uri_not_supported': {
    means: 'The request points to a request object elsewhere, and those are not supported.',
    matters: 'Fetching addresses that a stranger names turns the authority into their messenger.',
    sources: ['OpenID Connect Core §3.1.2.6', 'RFC 9101 §10.4'],
    mend: 'Send the parameters in the query or the form.',
  },
  'oauth/registration_not_supported': {
    means: 'The request brings a registration of its own, and those are not supported.',
    matters: 'A client that registers itself has been looked at by nobody.',
    sources: ['OpenID Connect Core §3.1.2.6'],
    mend: 'Register the client with `jotwarden clients add`.',
  },
  'oauth/invalid_token': {
    means: 'The access token is invalid, expired or revoked.',
    matters: 'The endpoint tells about a person, and only to whom they have allowed it.',
    sources: ['RFC 6750 §3.1', 'OpenID Connect Core §5.3.3'],
    mend: 'Refresh, and use the new access token.',
  },
  'oauth/insufficient_scope': {
    means: 'The access token lacks a scope that the endpoint asks for.',
    matters: 'What a person did not grant is not told.',
    sources: ['RFC 6750 §3.1', 'OpenID Connect Core §5.3'],
    mend: 'Ask for the scope at the sign-in: `openid` for userinfo.',
  },
  'oauth/server_error': {
    means: 'Something failed that should not. The log of the server has it under the same request id.',
    matters: 'Details of a failure are for those who run the server, and not for whoever asks.',
    sources: ['RFC 6749 §4.1.2.1'],
    mend: 'Look for the request id in the log, and run `jotwarden doctor`.',
  },
  'oauth/temporarily_unavailable': {
    means:
      'The authority cannot answer just now: the store or the hasher is busy, or a key is not known here yet.',
    matters: 'Nothing was changed. Refusing early keeps the rest going.',
    sources: ['RFC 6749 §4.1.2.1'],
    mend: 'Try again after the time in Retry-After. If it stays, look at the load and at `jotwarden doctor`.',
  },
}
