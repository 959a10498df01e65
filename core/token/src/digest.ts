import { base64urlText, sha256Async } from '#platform'

/** The SHA-256 digest in base64url, 43 characters, on every platform: `ath` and `x5t#S256` are such digests. */
export async function sha256Base64url(bytes: Uint8Array): Promise<string> {
  return base64urlText(await sha256Async(bytes))
}
