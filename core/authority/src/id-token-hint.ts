import type { Keyring } from '@jotwarden/keyring'
import { normalizeTyp, verify } from '@jotwarden/token'
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
export function hintedClaims(hint: string, parts: HintParts): HintedClaims | undefined {
  try {
    const { claims, typ } = verify(hint, parts.keyring.keySource())
    const { iss, sub, aud, sid } = claims
    const ours = typ !== undefined && normalizeTyp(typ) === 'jwt' && iss === parts.settings.issuer
    if (!ours || typeof sub !== 'string' || typeof aud !== 'string') return undefined
    return { sub, aud, sid: typeof sid === 'string' ? sid : undefined }
  } catch {
    return undefined
  }
}

/**
 * The subject an ID token of ours speaks of (OpenID Connect Core §3.1.2.1). A hint that is not one of ours for this client
 * speaks of nobody, so that no login matches it.
 */
export function hintedSubject(hint: string, client: string, parts: HintParts): string {
  const claims = hintedClaims(hint, parts)
  return claims?.aud === client ? claims.sub : ''
}
