/** How far an answer may travel. */
export interface HeaderPolicy {
  readonly isHttps: boolean
  /** The further places that forms of this page may lead to; undefined when the answer is not a page. */
  readonly formTargets: readonly string[] | undefined
  /** Whether every origin may read the answer. */
  readonly isOpen: boolean
}

/** The headers that every answer carries. */
export function securityHeaders(policy: HeaderPolicy): Record<string, string> {
  const isPage = policy.formTargets !== undefined
  return {
    'content-security-policy': isPage ? pagePolicy(policy.formTargets) : EMPTY_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': policy.isOpen ? 'cross-origin' : 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    // Under no-referrer a browser sends `Origin: null` with a page's own form.
    'referrer-policy': isPage ? 'same-origin' : 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Not includeSubDomains: hosts below this one are not the authority's to speak for.
    ...(policy.isHttps ? { 'strict-transport-security': 'max-age=63072000' } : {}),
  }
}

/** No script at all, and no style but our sheet. */
function pagePolicy(formTargets: readonly string[]): string {
  const targets = ["'self'", ...formTargets].join(' ')
  return `default-src 'none'; style-src 'self'; img-src 'self'; form-action ${targets}; frame-ancestors 'none'; base-uri 'none'`
}

const EMPTY_POLICY = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
