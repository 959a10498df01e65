/**
 * An http or https URI without query and fragment, in the one form that all its equivalents share: scheme and host in
 * lower case, no default port, no needless percent-encoding, no dot segments, at least `/` for a path
 * (RFC 3986 §6.2.2, §6.2.3). With an `origin`, that stands for its scheme and authority. Undefined for anything else, and
 * for one with user information.
 */
export function normalTarget(uri: string, origin?: string): string | undefined {
  const [, scheme = '', host = '', port = '', path = ''] = httpUri.exec(uri) ?? []
  if (scheme === '' || strayPercent.test(path)) return undefined
  return (origin ?? normalOrigin(scheme.toLowerCase(), host.toLowerCase(), port)) + normalPath(path)
}

function normalOrigin(scheme: string, host: string, port: string): string {
  const number = port === '' ? defaultPort[scheme] : Number(port)
  return number === defaultPort[scheme] ? `${scheme}://${host}` : `${scheme}://${host}:${number}`
}

function normalPath(path: string): string {
  const plain = path.replaceAll(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
    return unreserved.test(character) ? character : encoded.toUpperCase()
  })
  return `/${withoutDots(plain.split('/').slice(1)).join('/')}`
}

/** RFC 3986 §5.2.4, of a path in segments. */
function withoutDots(segments: readonly string[]): readonly string[] {
  const kept: string[] = []
  for (const [at, segment] of segments.entries()) {
    const isDots = segment === '.' || segment === '..'
    if (segment === '..') kept.pop()
    if (!isDots) kept.push(segment)
    else if (at === segments.length - 1) kept.push('')
  }
  return kept
}

const defaultPort: Readonly<Record<string, number>> = { http: 80, https: 443 }
const unreserved = /^[A-Za-z0-9._~-]$/
const strayPercent = /%(?![0-9A-Fa-f]{2})/
// Of a path, query or fragment any visible ASCII is taken, but for the backslash, which some read as a slash
const httpUri =
  /^(https?):\/\/([a-z0-9._~!$&'()*+;=-]+|\[[0-9a-f:.]+\])(?::([0-9]{0,5}))?(\/[!-"$->@-[\]-~]*)?(?:[?#][!-[\]-~]*)?$/i
