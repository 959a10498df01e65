import { type Address, isLoopback } from './address.ts'

/** What an issuer must be, in words. */
export const ISSUER_RULE =
  'Write an https URL in canonical form, as https://auth.example.com; http passes on loopback hosts alone'

/** What is wrong with an issuer (RFC 8414 §2); `undefined` when nothing is. */
export function issuerFault(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null) return 'is not a URL'
  if (
    url.protocol !== 'https:' &&
    !(url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, '')))
  )
    return 'is not an https URL (http passes on loopback hosts alone)'
  if (text.includes('?') || text.includes('#') || text.includes('@'))
    return 'has a query, a fragment or credentials'
  const canonical = url.pathname === '/' ? url.origin : url.origin + url.pathname
  if (text !== canonical || text.endsWith('/'))
    return 'is not in canonical form: no trailing slash, lower-case host, no default port'
  return undefined
}

/** Where the server of an http issuer on loopback must listen; `undefined` for every other issuer. */
export function loopbackAuthority(issuer: string): Address | undefined {
  const url = URL.parse(issuer)
  if (url === null || url.protocol !== 'http:') return undefined
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return isLoopback(host) ? { host, port: Number(url.port || 80) } : undefined
}
