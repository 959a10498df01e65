import { VerifierError, type VerifierReason } from './errors.ts'
import { type FetchDocumentOptions, fetchDocument } from './fetch-document.ts'
import { isAllowedUrl } from './origins.ts'

/** What discovery is told. */
export interface DiscoveryOptions extends FetchDocumentOptions {
  readonly issuer: string
  /** Takes keys from another origin than the issuer's. */
  readonly allowForeignJwksOrigin: boolean
}

/**
 * Finds where an issuer publishes its keys, by RFC 8414 and then by OpenID Connect Discovery.
 * The issuer in the metadata must be the one we asked for, code point by code point (RFC 8414 §3.3).
 * Throws `verifier/keys-unavailable`.
 */
export async function discoverJwksUri(options: DiscoveryOptions): Promise<string> {
  for (const url of metadataUrls(options.issuer)) {
    const found = await fetchDocument(url, options)
    if (found === undefined) continue
    const { issuer, jwks_uri } = found.document
    if (issuer !== options.issuer) throw refused('metadata-issuer', 'its metadata name another issuer')
    if (typeof jwks_uri !== 'string' || !isAllowedUrl(jwks_uri, options.issuer))
      throw refused('metadata-jwks-uri', 'its metadata give no jwks_uri that is an https URL')
    if (!options.allowForeignJwksOrigin && new URL(jwks_uri).origin !== new URL(options.issuer).origin)
      throw refused('metadata-jwks-uri', 'its jwks_uri is of another origin than the issuer')
    return jwks_uri
  }
  throw refused('document-status', 'it publishes no metadata')
}

/** The addresses to ask, in order (RFC 8414 §3.1; OpenID Connect Discovery §4.1). */
function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
}

function refused(reason: VerifierReason, state: string): VerifierError {
  return new VerifierError('verifier/keys-unavailable', `Cannot use the issuer: ${state}`, { reason })
}
