import { AuthorityError } from './errors.ts'
import { defineResources, type ResourceServer, type Resources } from './resources.ts'

/** What an authority is told when it is made. Lifetimes and windows are seconds. */
export interface SettingsOptions {
  /** https, or http on a loopback host; no query, no fragment, no trailing slash (RFC 8414 §2). */
  readonly issuer: string
  /** 600 unless given; 3600 at most. */
  readonly accessTokenLifetime?: number
  /** 600 unless given; 3600 at most. */
  readonly idTokenLifetime?: number
  /** 60 unless given, and at most. */
  readonly codeLifetime?: number
  /** How long a person may take over the pages; 1800 unless given. */
  readonly interactionLifetime?: number
  /** Single sign-on; 28800 (8 hours) unless given. */
  readonly loginLifetime?: number
  /** Without a refresh; 86400 (1 day) unless given. */
  readonly sessionIdleLifetime?: number
  /** Absolute; 604800 (7 days) unless given. */
  readonly sessionLifetime?: number
  /** In which a retry of the previous refresh token gets the same successor; 10 unless given, 60 at most. */
  readonly graceWindow?: number
  /** Graced generations in a row from differing networks that raise an event; 3 unless given, 0 for never. */
  readonly shadowLimit?: number
  /** Whether such a session ends; it goes on unless told. */
  readonly endShadowed?: boolean
  /** So many single tokens, sessions or logins of one person or client may be revoked within a token's life; more become one mark. 1000 unless given. */
  readonly revocationQuota?: number
  /** The APIs that access tokens are for. */
  readonly resources?: readonly ResourceServer[]
}

/** Settings that were checked; only `defineSettings` makes them. */
export interface Settings {
  readonly issuer: string
  readonly accessTokenLifetime: number
  readonly idTokenLifetime: number
  readonly codeLifetime: number
  readonly interactionLifetime: number
  readonly loginLifetime: number
  readonly sessionIdleLifetime: number
  readonly sessionLifetime: number
  readonly graceWindow: number
  readonly shadowLimit: number
  readonly endShadowed: boolean
  readonly revocationQuota: number
  readonly resources: Resources
}

/**
 * Checks what an authority is told and fills in the strict defaults.
 *
 * Throws `authority/settings`, naming the setting, what is wrong and what it may be.
 */
export function defineSettings(options: SettingsOptions): Settings {
  for (const name of Object.keys(options)) {
    if (!OPTIONS.has(name))
      throw refusal(name, 'is not a setting', `it may be one of ${[...OPTIONS].join(', ')}`)
  }
  const issuer = checkIssuer(options.issuer)
  return Object.freeze({
    issuer,
    accessTokenLifetime: whole('accessTokenLifetime', options.accessTokenLifetime ?? 600, 1, 3600),
    idTokenLifetime: whole('idTokenLifetime', options.idTokenLifetime ?? 600, 1, 3600),
    codeLifetime: whole('codeLifetime', options.codeLifetime ?? 60, 1, 60),
    interactionLifetime: whole('interactionLifetime', options.interactionLifetime ?? 1800, 60, 86_400),
    loginLifetime: whole('loginLifetime', options.loginLifetime ?? 28_800, 60, 30 * DAY),
    sessionIdleLifetime: whole('sessionIdleLifetime', options.sessionIdleLifetime ?? DAY, 60, 365 * DAY),
    sessionLifetime: whole('sessionLifetime', options.sessionLifetime ?? 7 * DAY, 60, 365 * DAY),
    graceWindow: whole('graceWindow', options.graceWindow ?? 10, 0, 60),
    shadowLimit: whole('shadowLimit', options.shadowLimit ?? 3, 0, 100),
    endShadowed: options.endShadowed ?? false,
    revocationQuota: whole('revocationQuota', options.revocationQuota ?? 1000, 10, 100_000),
    resources: defineResources(issuer, options.resources ?? []),
  })
}

function checkIssuer(issuer: string): string {
  const remedy = 'it must be an https URL such as https://auth.example.com (http only on a loopback host)'
  const url = typeof issuer === 'string' && URL.canParse(issuer) ? new URL(issuer) : undefined
  if (url === undefined) throw refusal('issuer', 'is not a URL', remedy)
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw refusal('issuer', 'has a query, a fragment or credentials', remedy)
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname))) {
    throw refusal('issuer', `has the scheme ${url.protocol.slice(0, -1)}`, remedy)
  }
  const canonical = url.pathname === '/' ? url.origin : url.origin + url.pathname
  if (issuer !== canonical || issuer.endsWith('/')) {
    throw refusal('issuer', 'is not in its canonical form', `write it as ${canonical.replace(/\/+$/, '')}`)
  }
  return issuer
}

function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw refusal(name, 'is out of range', `it must be a whole number from ${least} to ${most}`)
}

function refusal(name: string, wrong: string, remedy: string): AuthorityError {
  return new AuthorityError('authority/settings', `Cannot take the setting ${name}: it ${wrong}; ${remedy}`)
}

const DAY = 86_400
export const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])
const OPTIONS: ReadonlySet<string> = new Set([
  'issuer',
  'accessTokenLifetime',
  'idTokenLifetime',
  'codeLifetime',
  'interactionLifetime',
  'loginLifetime',
  'sessionIdleLifetime',
  'sessionLifetime',
  'graceWindow',
  'shadowLimit',
  'endShadowed',
  'revocationQuota',
  'resources',
])
