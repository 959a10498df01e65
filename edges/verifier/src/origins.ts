/**
 * Says whether keys may be fetched from a URL: `https`, or `http` on a loopback host while the issuer
 * itself is on one; without credentials and fragment.
 */
export function isAllowedUrl(text: string, issuer: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false
  if (url.protocol === 'https:') return true
  return isLoopbackHttp(url) && isLoopbackHttp(new URL(issuer))
}

function isLoopbackHttp({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'http:' &&
    (hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname))
  )
}
