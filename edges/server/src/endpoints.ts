import { ServerError } from './errors.ts'

/** Where everything is. Paths begin with the issuer's own path; URLs are built on the issuer, never on a request. */
export interface Endpoints {
  readonly issuer: string
  /** `scheme://host[:port]` of the issuer. */
  readonly origin: string
  readonly host: string
  readonly isHttps: boolean
  /** The issuer's path; empty when it has none. */
  readonly base: string
  readonly authorize: string
  readonly login: string
  readonly consent: string
  readonly token: string
  readonly userinfo: string
  readonly revoke: string
  readonly introspect: string
  /** The end session endpoint (OpenID Connect RP-Initiated Logout §2). */
  readonly logout: string
  readonly logoutConfirm: string
  /** Where people see and end their own sign-ins; in no metadata, since no client has business there. */
  readonly sessions: string
  /** The revocation feed. */
  readonly revocations: string
  readonly jwks: string
  /** All the paths at which the metadata is found. */
  readonly metadata: readonly string[]
  url(path: string): string
}

/** Lays out the endpoints of an issuer. Throws `server/options` when its path could not be routed literally. */
export function layOutEndpoints(issuer: string): Endpoints {
  const url = new URL(issuer)
  const base = url.pathname === '/' ? '' : url.pathname
  if (!PLAIN_PATH.test(base)) {
    throw new ServerError(
      'server/options',
      'Cannot serve the issuer: its path may hold only letters, digits and - . _ ~ between slashes',
    )
  }
  return {
    issuer,
    origin: url.origin,
    host: url.host,
    isHttps: url.protocol === 'https:',
    base,
    authorize: `${base}/authorize`,
    login: `${base}/login`,
    consent: `${base}/consent`,
    token: `${base}/token`,
    userinfo: `${base}/userinfo`,
    revoke: `${base}/revoke`,
    introspect: `${base}/introspect`,
    logout: `${base}/logout`,
    logoutConfirm: `${base}/logout/confirm`,
    sessions: `${base}/sessions`,
    revocations: `${base}/revocations`,
    jwks: `${base}/jwks.json`,
    metadata: metadataPaths(base),
    url: (path) => url.origin + path,
  }
}

/** OpenID Connect Discovery §4 appends; RFC 8414 §3.1 and §5 insert. For an issuer without a path the two agree. */
function metadataPaths(base: string): readonly string[] {
  const paths = [
    `${base}/.well-known/openid-configuration`,
    `/.well-known/oauth-authorization-server${base}`,
    `/.well-known/openid-configuration${base}`,
  ]
  return [...new Set(paths)]
}

const PLAIN_PATH = /^(?:\/[A-Za-z0-9._~-]+)*$/
