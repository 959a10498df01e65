/**
 * The CSP source (CSP 3 §2.3.1) that lets a form's answer lead to this redirect URI. Chromium holds `form-action`
 * against the redirect after a form too. Undefined when the URI gives none that is safe to write into a header.
 */
export function formTarget(redirectUri: string): string | undefined {
  if (!URL.canParse(redirectUri)) return undefined
  const url = new URL(redirectUri)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return SCHEME.test(url.protocol) ? url.protocol : undefined
  }
  // The grammar of CSP has no IPv6 address, so that one is allowed by its scheme.
  if (url.hostname.startsWith('[')) return url.protocol
  return HOST.test(url.host) ? url.origin : undefined
}

/** A URL's host may hold `;` and `,`, which would end the directive. */
const HOST = /^[a-z0-9._-]+(?::\d{1,5})?$/
const SCHEME = /^[a-z][a-z0-9+.-]*:$/
