/** What all subjects are set up with, so that they answer the same requests with the same kind of tokens. */
export const RESOURCE = 'https://api.example.com'
export const SCOPE = 'api:read'
export const ACCESS_TOKEN_SECONDS = 600
export const SUBJECT = 'usr_AAAAAAAAAAAAAAAAAAAAAA'

export const FORM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/x-www-form-urlencoded',
}

/** `client_secret_basic` (RFC 6749 §2.3.1); ids and secrets here need no form encoding. */
export function basicHeaders(client: string, secret: string): Readonly<Record<string, string>> {
  const credentials = Buffer.from(`${client}:${secret}`).toString('base64')
  return { ...FORM_HEADERS, authorization: `Basic ${credentials}` }
}
