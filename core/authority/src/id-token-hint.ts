import type { Keyring } from '@jotwarden/keyring'
import { normalizeTyp } from '@jotwarden/token'
import { ownToken } from './own-token.ts'
import type { Settings } from './settings.ts'

/** What an ID token of ours says of whom, for which client, in which session. */
export interface HintedClaims {
  readonly sub: string
  readonly aud: string
  readonly sid: string | undefined
}

interface HintParts {
  readonly settings: Settings
  readonly keyring: Keyring
}

/**
 * The claims of an ID token that comes back as a hint. Its age does not matter, its signature does; undefined for what is
 * none of ours.
 */
export function hintedClaims(hint: string, { settings, keyring }: HintParts): HintedClaims | undefined {
  const token = ownToken(hint, keyring)
  if (token?.typ === undefined || normalizeTyp(token.typ) !== 'jwt') return undefined
  const { iss, sub, aud, sid } = token.claims
  if (iss !== settings.issuer || typeof sub !== 'string' || typeof aud !== 'string') return undefined
  return { sub, aud, sid: typeof sid === 'string' ? sid : undefined }
}

/**
 * The subject an ID token of ours speaks of (OpenID Connect Core §3.1.2.1). A hint that is not one of ours for this client
 * speaks of nobody, so that no login matches it.
 */
export function hintedSubject(hint: string, client: string, parts: HintParts): string {
  const claims = hintedClaims(hint, parts)
  return claims?.aud === client ? claims.sub : ''
}
