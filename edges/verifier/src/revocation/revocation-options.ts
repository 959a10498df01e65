import { Secret } from '@jotwarden/token'
import { invalid, refuseUnknownNames, seconds } from '../invalid-option.ts'
import { isAllowedUrl } from '../origins.ts'
import type { RevocationEvent } from './revocation-event.ts'

/** How a verifier learns what its issuer has taken back. */
export interface RevocationOptions {
  /** This API's own credential at the issuer: a client that was registered with a resource. */
  readonly clientId: string
  readonly clientSecret: string | Secret
  /** How old the newest word of the issuer may be before tokens are refused, in seconds: 2 to 3600, 30 when left out. */
  readonly maxStaleness?: number
  /** Where the feed is, without discovery. */
  readonly feedEndpoint?: string
  /** Where tokens are introspected, without discovery. */
  readonly introspectionEndpoint?: string
  /** For logs and metrics. What it throws is ignored. */
  readonly onEvent?: (event: RevocationEvent) => void
}

/** Options after {@link checkRevocation}: complete, with defaults filled in. */
export interface CheckedRevocation {
  readonly clientId: string
  readonly clientSecret: Secret
  readonly maxStaleness: number
  readonly feedEndpoint: string | undefined
  readonly introspectionEndpoint: string | undefined
  readonly onEvent: ((event: RevocationEvent) => void) | undefined
}

/** Checks the options of `followRevocations` for this issuer. Throws `verifier/options`. */
export function checkRevocation(options: unknown, issuer: string): CheckedRevocation {
  if (typeof options !== 'object' || options === null)
    throw invalid(
      'revocation',
      'follows nothing',
      "pass followRevocations this API's clientId and clientSecret",
    )
  const given: { readonly [N in keyof RevocationOptions]?: unknown } = options
  refuseUnknownNames('revocation.', given, optionNames)
  return {
    clientId: checkClientId(given.clientId),
    clientSecret: checkSecret(given.clientSecret),
    maxStaleness: seconds(
      'revocation.maxStaleness',
      given.maxStaleness === undefined ? 30 : given.maxStaleness,
      2,
      3600,
    ),
    feedEndpoint: checkEndpoint('feedEndpoint', given.feedEndpoint, issuer),
    introspectionEndpoint: checkEndpoint('introspectionEndpoint', given.introspectionEndpoint, issuer),
    onEvent: checkListener(given.onEvent),
  }
}

function checkClientId(clientId: unknown): string {
  if (typeof clientId === 'string' && clientId !== '') return clientId
  throw invalid(
    'revocation.clientId',
    'is missing or no text',
    'pass the id under which this API is registered at the issuer',
  )
}

function checkSecret(secret: unknown): Secret {
  if (secret instanceof Secret) return secret
  if (typeof secret === 'string' && secret !== '') return Secret.fromText(secret)
  throw invalid(
    'revocation.clientSecret',
    'is missing or no text',
    'pass the secret that the issuer gave to this API',
  )
}

function checkEndpoint(name: string, url: unknown, issuer: string): string | undefined {
  if (url === undefined) return undefined
  if (typeof url === 'string' && isAllowedUrl(url, issuer)) return url
  throw invalid(
    `revocation.${name}`,
    'is no URL to send a credential to',
    'pass an https URL, or leave it out to find it by discovery',
  )
}

function checkListener(listener: unknown): CheckedRevocation['onEvent'] {
  if (listener === undefined) return undefined
  if (typeof listener === 'function') return (event) => listener(event)
  throw invalid('revocation.onEvent', 'is no function', 'pass one, or leave it out')
}

const optionNames: ReadonlySet<string> = new Set([
  'clientId',
  'clientSecret',
  'maxStaleness',
  'feedEndpoint',
  'introspectionEndpoint',
  'onEvent',
] satisfies (keyof RevocationOptions)[])
