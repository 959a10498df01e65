import type { JsonObject } from '@jotwarden/token'
import { checkMembers } from './check-members.ts'

/** What a protected resource tells of itself (RFC 9728 §2). */
export interface ProtectedResource {
  /** The identifier of the resource, which tokens name as their audience: an https URL without query and fragment. */
  readonly resource: string
  /** The issuers whose tokens are taken: at least one. */
  readonly authorizationServers: readonly string[]
  /** The scopes that clients may ask for. */
  readonly scopes?: readonly string[]
  /** How bearer tokens travel: by header, or not at all. A token in query or body is refused here. */
  readonly bearerMethods?: readonly 'header'[]
  readonly dpopBoundAccessTokensRequired?: boolean
  /** The algorithms of DPoP proofs; `Verifier.challenges.algs` has them. */
  readonly dpopSigningAlgs?: readonly string[]
  readonly tlsClientCertificateBoundAccessTokens?: boolean
  readonly authorizationDetailsTypes?: readonly string[]
  /** Where the resource's own public keys are. */
  readonly jwksUri?: string
  /** The algorithms with which the resource signs its own answers. */
  readonly resourceSigningAlgs?: readonly string[]
  /** For people. */
  readonly resourceName?: string
  readonly resourceDocumentation?: string
  readonly resourcePolicyUri?: string
  readonly resourceTosUri?: string
  /** A JWT that says the same under a signature (RFC 9728 §2.2). */
  readonly signedMetadata?: string
  /** Members of other specifications, as they are to stand in the document. */
  readonly others?: JsonObject
  /** For how many seconds the document may be kept; 3600 when left out. */
  readonly cacheFor?: number
}

/** The metadata document of a resource, and how it is served. */
export interface ProtectedResourceMetadata {
  readonly document: Readonly<JsonObject>
  /** Where it is: the well-known path stands between host and path of the resource (RFC 9728 §3.1). */
  readonly url: string
  /** The path of `url`. */
  readonly path: string
  /** What to answer at that path, by method: GET, HEAD and a preflight; 405 to any other. */
  answer(method: string): {
    readonly status: 200 | 204 | 405
    readonly headers: Readonly<Record<string, string>>
    readonly body: string | undefined
  }
  /** The same for hosts of the Fetch kind; 404 at any other path. */
  fetch(request: Request): Response
}

/**
 * Makes the metadata of a protected resource. Any web page may read it, and anybody may keep it.
 * Throws `verifier/options` for what is not a resource, an issuer or an https URL, and for an unknown option.
 * Source: RFC 9728.
 */
export function protectedResourceMetadata(resource: ProtectedResource): ProtectedResourceMetadata {
  checkMembers(resource)
  const document: Readonly<JsonObject> = Object.freeze(documentOf(resource))
  const url = metadataUrl(resource.resource)
  const { pathname: path } = new URL(url)
  const answer = answers(JSON.stringify(document), resource.cacheFor ?? 3600)
  return Object.freeze({
    document,
    url,
    path,
    answer,
    fetch(request: Request): Response {
      if (new URL(request.url).pathname !== path) return new Response(null, { status: 404 })
      const { status, headers, body } = answer(request.method)
      return new Response(body ?? null, { status, headers })
    },
  })
}

function documentOf(one: ProtectedResource): JsonObject {
  const members: readonly [string, unknown][] = [
    ...Object.entries(one.others ?? {}),
    ['resource', one.resource],
    ['authorization_servers', one.authorizationServers],
    ['scopes_supported', one.scopes],
    ['bearer_methods_supported', one.bearerMethods ?? (one.dpopBoundAccessTokensRequired ? [] : ['header'])],
    ['dpop_bound_access_tokens_required', one.dpopBoundAccessTokensRequired],
    ['dpop_signing_alg_values_supported', one.dpopSigningAlgs],
    ['tls_client_certificate_bound_access_tokens', one.tlsClientCertificateBoundAccessTokens],
    ['authorization_details_types_supported', one.authorizationDetailsTypes],
    ['jwks_uri', one.jwksUri],
    ['resource_signing_alg_values_supported', one.resourceSigningAlgs],
    ['resource_name', one.resourceName],
    ['resource_documentation', one.resourceDocumentation],
    ['resource_policy_uri', one.resourcePolicyUri],
    ['resource_tos_uri', one.resourceTosUri],
    ['signed_metadata', one.signedMetadata],
  ]
  // A copy by way of JSON: what the caller changes later does not change the document
  return JSON.parse(JSON.stringify(Object.fromEntries(members))) as JsonObject
}

// RFC 9728 §3.1: a slash that ends the host goes, any other stays
function metadataUrl(resource: string): string {
  const { origin, pathname } = new URL(resource)
  return `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`
}

function answers(json: string, cacheFor: number): ProtectedResourceMetadata['answer'] {
  const open = { 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' }
  const allow = 'GET, HEAD, OPTIONS'
  const found = {
    ...open,
    'content-type': 'application/json',
    'cache-control': `public, max-age=${cacheFor}`,
  }
  const preflight = {
    ...open,
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': '*',
    'access-control-max-age': '86400',
  }
  return (method) => {
    if (method === 'GET') return { status: 200, headers: found, body: json }
    if (method === 'HEAD') return { status: 200, headers: found, body: undefined }
    if (method === 'OPTIONS') return { status: 204, headers: { ...preflight, allow }, body: undefined }
    return { status: 405, headers: { ...open, allow }, body: undefined }
  }
}
