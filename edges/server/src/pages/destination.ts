/** Where a redirect URI leads, in words for people: the host, which the client cannot choose as freely as its name. */
export function destination(redirectUri: string): string {
  if (!URL.canParse(redirectUri)) return 'an unknown place'
  const url = new URL(redirectUri)
  if (LOOPBACK.has(url.hostname)) return `an app on this device (${url.host})`
  if (url.protocol === 'https:' || url.protocol === 'http:') return url.host
  return `an app on this device (${url.protocol.slice(0, -1)})`
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])
