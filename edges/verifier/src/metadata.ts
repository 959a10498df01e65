import type { JsonObject } from '@jotwarden/token'
import { VerifierError, type VerifierReason } from './errors.ts'
import { type FetchDocumentOptions, fetchDocument } from './fetch-document.ts'
import { isAllowedUrl } from './origins.ts'

/** What discovery is told. */
export interface DiscoveryOptions extends FetchDocumentOptions {
  readonly issuer: string
  /** Origins beside the issuer's own that keys are taken from. */
  readonly jwksOrigins: readonly string[]
}

/** What an issuer publishes about itself: fetched once for all who ask, and kept until someone finds it wrong. */
export class IssuerMetadata {
  readonly #options: DiscoveryOptions
  #found: Promise<JsonObject> | undefined

  constructor(options: DiscoveryOptions) {
    this.#options = options
  }

  /** Where the keys are. Throws `verifier/keys-unavailable`. */
  async jwksUri(): Promise<string> {
    const { issuer, jwksOrigins } = this.#options
    const { jwks_uri } = await this.document()
    if (typeof jwks_uri !== 'string' || !isAllowedUrl(jwks_uri, issuer))
      throw unusableIssuer('metadata-jwks-uri', 'its metadata give no jwks_uri that is an https URL')
    if (!isSameOrigin(jwks_uri, issuer) && !jwksOrigins.includes(new URL(jwks_uri).origin))
      throw unusableIssuer('metadata-jwks-uri', 'its jwks_uri is of another origin than the issuer')
    return jwks_uri
  }

  /** Fetches anew when asked next: what was found has not served. */
  forget(): void {
    this.#found = undefined
  }

  /** Throws `verifier/keys-unavailable`. */
  document(): Promise<JsonObject> {
    if (this.#found !== undefined) return this.#found
    const finding = fetchMetadata(this.#options)
    this.#found = finding
    finding.catch(() => {
      if (this.#found === finding) this.#found = undefined
    })
    return finding
  }
}

/**
 * Fetches the metadata, by RFC 8414 and then by OpenID Connect Discovery.
 * The issuer in them must be the one we asked for, code point by code point (RFC 8414 §3.3).
 */
async function fetchMetadata(options: DiscoveryOptions): Promise<JsonObject> {
  for (const url of metadataUrls(options.issuer)) {
    const found = await fetchDocument(url, options)
    if (found === undefined) continue
    if (found.document.issuer !== options.issuer)
      throw unusableIssuer('metadata-issuer', 'its metadata name another issuer')
    return found.document
  }
  throw unusableIssuer('document-status', 'it publishes no metadata')
}

export function isSameOrigin(url: string, issuer: string): boolean {
  return new URL(url).origin === new URL(issuer).origin
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

/** The error for metadata that cannot be used. */
export function unusableIssuer(reason: VerifierReason, state: string): VerifierError {
  return new VerifierError('verifier/keys-unavailable', `Cannot use the issuer: ${state}`, { reason })
}
