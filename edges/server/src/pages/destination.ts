import type { Texts } from './texts/texts.ts'

/** Where a redirect URI leads, in words for people: the host, which the client cannot choose as freely as its name. */
export function destination(redirectUri: string, { places }: Texts): string {
  if (!URL.canParse(redirectUri)) return places.unknown
  const url = new URL(redirectUri)
  if (LOOPBACK.has(url.hostname)) return places.thisDevice(url.host)
  if (url.protocol === 'https:' || url.protocol === 'http:') return url.host
  return places.thisDevice(url.protocol.slice(0, -1))
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])
