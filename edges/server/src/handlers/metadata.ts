import type { Authority } from '@jotwarden/authority'
import { cacheableAnswer, cacheableDocument } from '../cacheable.ts'
import type { Endpoints } from '../endpoints.ts'
import { languages } from '../pages/texts/languages.ts'
import type { Handler } from '../route.ts'
import type { ServerContext } from '../server-context.ts'

/** Answers OpenID Connect Discovery §4 and RFC 8414 §3 alike; made again when the keys change. */
export function metadataHandler({ authority, endpoints }: ServerContext): Handler {
  let generation = authority.keyring.generation
  let document = cacheableDocument(metadataOf(authority, endpoints))
  return ({ request }) => {
    if (generation !== authority.keyring.generation) {
      generation = authority.keyring.generation
      document = cacheableDocument(metadataOf(authority, endpoints))
    }
    return cacheableAnswer(request, document, MAX_AGE)
  }
}

function metadataOf(authority: Authority, endpoints: Endpoints): object {
  const algorithms = authority.keyring.jwks().keys.map((key) => key.alg)
  return {
    issuer: endpoints.issuer,
    authorization_endpoint: endpoints.url(endpoints.authorize),
    token_endpoint: endpoints.url(endpoints.token),
    userinfo_endpoint: endpoints.url(endpoints.userinfo),
    revocation_endpoint: endpoints.url(endpoints.revoke),
    introspection_endpoint: endpoints.url(endpoints.introspect),
    end_session_endpoint: endpoints.url(endpoints.logout),
    // Our own: docs/feed.md.
    revocation_feed_endpoint: endpoints.url(endpoints.revocations),
    jwks_uri: endpoints.url(endpoints.jwks),
    scopes_supported: authority.scopesSupported(),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: [...WITH_SECRET, 'none'],
    revocation_endpoint_auth_methods_supported: [...WITH_SECRET, 'none'],
    introspection_endpoint_auth_methods_supported: WITH_SECRET,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...new Set(algorithms)],
    claim_types_supported: ['normal'],
    claims_supported: CLAIMS,
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    ui_locales_supported: languages,
    claims_parameter_supported: false,
    request_parameter_supported: false,
    // Stands for true when left out (OpenID Connect Discovery §3).
    request_uri_parameter_supported: false,
  }
}

/** Seconds. */
const MAX_AGE = 300
const WITH_SECRET = ['client_secret_basic', 'client_secret_post']
const CLAIMS = [
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'nonce',
  'acr',
  'amr',
  'sid',
  'name',
  'preferred_username',
  'email',
  'email_verified',
]
