import type { Client } from './client-store.ts'
import { LOOPBACK_HOSTS } from './settings.ts'

/**
 * Says whether a redirect URI is one that the client registered: character by character (RFC 9700 §2.1), but for the
 * port of a native client's loopback address (RFC 8252 §7.3).
 */
export function isRegisteredRedirectUri(client: Client, uri: string): boolean {
  if (client.redirectUris.includes(uri)) return true
  if (client.applicationType !== 'native') return false
  const withoutPort = loopbackWithoutPort(uri)
  if (withoutPort === undefined) return false
  return client.redirectUris.some((registered) => loopbackWithoutPort(registered) === withoutPort)
}

/** What is wrong with a redirect URI that is to be registered; undefined when nothing is. */
export function redirectUriFault(
  uri: string,
  applicationType: Client['applicationType'],
): string | undefined {
  if (!URL.canParse(uri) || uri.length > 2048 || !PRINTABLE.test(uri)) return 'is not an absolute URI'
  const url = new URL(uri)
  if (uri.includes('#')) return 'has a fragment'
  if (url.username !== '' || url.password !== '') return 'has credentials'
  if (uri.includes('*')) return 'has a wildcard'
  if (url.protocol === 'https:') return undefined
  if (url.protocol === 'http:') {
    return LOOPBACK_HOSTS.has(url.hostname) ? undefined : 'is http on a host that is not loopback'
  }
  if (applicationType !== 'native') return 'has a scheme that only native clients may use'
  // RFC 8252 §7.1: a private-use scheme is a domain name in reverse, so that nobody shares it by accident.
  return url.protocol.includes('.') ? undefined : 'has a private-use scheme without a domain name in it'
}

/** The URI with its port taken out, if it is http on a loopback IP address. */
function loopbackWithoutPort(uri: string): string | undefined {
  const match = LOOPBACK_URI.exec(uri)
  if (match === null) return undefined
  const [, host = '', port, rest = ''] = match
  if (port !== undefined && Number(port) > 65_535) return undefined
  return `http://${host}${rest}`
}

const PRINTABLE = /^[\x21-\x7e]+$/
const LOOPBACK_URI = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?((?:[/?].*)?)$/
