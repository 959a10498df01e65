import { createHash } from 'node:crypto'
import type { Clock } from '@jotwarden/token'

/** The two cookies of one issuer. */
export interface CookieJar {
  /** What the browser sent; a cookie sent twice counts as not sent, since one of the two was planted. */
  read(header: string | null): { readonly login: string | undefined; readonly binding: string | undefined }
  /** `expiresAt` is seconds since the epoch. */
  login(value: string, expiresAt: number): string
  /** Takes the login back. */
  endLogin(): string
  /** Goes when the browser closes. */
  binding(value: string): string
}

/**
 * Names carry the issuer, since one host may serve several. Over https the prefix `__Host-Http-` (RFC 6265bis) makes
 * browsers refuse the cookie from another host, another path, plain http, or a script.
 */
export function createCookieJar(issuer: string, clock: Clock): CookieJar {
  const isHttps = issuer.startsWith('https:')
  const tag = createHash('sha256').update(issuer).digest('hex').slice(0, 8)
  const name = (of: 'login' | 'binding'): string => `${isHttps ? '__Host-Http-' : ''}jw-${tag}-${of}`
  const attributes = `; Path=/${isHttps ? '; Secure' : ''}; HttpOnly; SameSite=Lax`
  const loginName = name('login')
  const bindingName = name('binding')
  return {
    read: (header) => ({ login: cookieOf(header, loginName), binding: cookieOf(header, bindingName) }),
    login(value, expiresAt) {
      const maxAge = Math.max(0, Math.floor(expiresAt - clock.now()))
      return `${loginName}=${value}; Max-Age=${maxAge}${attributes}`
    },
    endLogin: () => `${loginName}=; Max-Age=0${attributes}`,
    binding: (value) => `${bindingName}=${value}${attributes}`,
  }
}

function cookieOf(header: string | null, name: string): string | undefined {
  if (header === null) return undefined
  const found = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
  const value = found[0]?.slice(name.length + 1)
  return found.length === 1 && value !== undefined && VALUE.test(value) ? value : undefined
}

/** The authority's values are base64url, with a dot at most. */
const VALUE = /^[A-Za-z0-9._-]{1,1024}$/
