import { type IssuerMetadata, isSameOrigin, unusableIssuer } from './metadata.ts'
import { isAllowedUrl } from './origins.ts'

/** The endpoints that get this API's credential, by the names they have in the metadata. */
export type CredentialEndpoint = 'revocation_feed_endpoint' | 'introspection_endpoint'

/** Where to go with the credential: never to another origin than the issuer's. Throws `verifier/keys-unavailable`. */
export async function credentialEndpoint(
  name: CredentialEndpoint,
  issuer: string,
  metadata: IssuerMetadata,
): Promise<string> {
  const url = (await metadata.document())[name]
  if (typeof url !== 'string' || !isAllowedUrl(url, issuer))
    throw unusableIssuer('metadata-endpoint', `its metadata give no ${name} that is an https URL`)
  if (!isSameOrigin(url, issuer))
    throw unusableIssuer('metadata-endpoint', `its ${name} is of another origin than the issuer`)
  return url
}
