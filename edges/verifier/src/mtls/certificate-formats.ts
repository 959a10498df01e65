import { encodeBase64url, sha256Base64url } from '@jotwarden/token'
import { refusedToken } from '../refused-token.ts'

/** How a proxy writes a certificate into a header. */
export type CertificateFormat = 'rfc9440' | 'escaped-pem' | 'xfcc'

/**
 * The `x5t#S256` of the one certificate in a header (RFC 8705 §3.1). Throws `verifier/invalid-token` for several, and for
 * what is not of the format.
 */
export type ThumbprintOf = (line: string) => Promise<string>

/** The one table of formats. */
export const certificateFormats: ReadonlyMap<CertificateFormat, ThumbprintOf> = new Map([
  ['rfc9440', ofByteSequence],
  ['escaped-pem', ofEscapedPem],
  ['xfcc', ofForwardedClientCert],
])

/** RFC 9440 §2.2, RFC 8941 §3.3.5. */
async function ofByteSequence(line: string): Promise<string> {
  if (line.includes(',')) throw several()
  const [, text] = byteSequence.exec(line) ?? []
  return ofBase64(text)
}

async function ofEscapedPem(line: string): Promise<string> {
  if (line.includes(',') || line.split('BEGIN').length > 2) throw several()
  const [, lines] = onePem.exec(unescaped(line)) ?? []
  return ofBase64(lines?.replaceAll(/\s/g, ''))
}

/** Elements by commas, pairs by semicolons, values in quotation marks where they hold either. */
async function ofForwardedClientCert(line: string): Promise<string> {
  const hashes: string[] = []
  let end = ';'
  for (let at = 0; end === ';'; at = forwardedPair.lastIndex) {
    forwardedPair.lastIndex = at
    const [, key = '', value = '', after = ''] = forwardedPair.exec(line) ?? []
    if (key === '') throw malformed()
    if (key.toLowerCase() === 'hash') hashes.push(value)
    end = after
  }
  if (end === ',' || hashes.length > 1) throw several()
  const [hash = ''] = hashes
  if (!sha256Hex.test(hash)) throw malformed()
  return encodeBase64url(Uint8Array.from(hash.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)))
}

async function ofBase64(text: string | undefined): Promise<string> {
  if (text === undefined || text === '' || !base64.test(text)) throw malformed()
  return sha256Base64url(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw malformed()
  }
}

function several(): Error {
  return refusedToken('certificate-repeated', 'the request has several certificates')
}

function malformed(): Error {
  return refusedToken('certificate-malformed', 'the certificate in the header is not of its format')
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const byteSequence = /^:([A-Za-z0-9+/=]*):$/
const onePem = /^-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]+)\s-----END CERTIFICATE-----\s*$/
const sha256Hex = /^[0-9a-f]{64}$/i
const forwardedPair = /([A-Za-z]+)=("(?:[^"\\]|\\.)*"|[^",;]*)(;|,|$)/y
