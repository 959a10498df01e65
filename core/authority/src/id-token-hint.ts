import type { Keyring } from '@jotwarden/keyring'
import { normalizeTyp, verify } from '@jotwarden/token'
import type { Settings } from './settings.ts'

/**
 * The subject an ID token of ours speaks of (OpenID Connect Core §3.1.2.1). Its age does not matter, its signature does;
 * a hint that is not one of ours for this client speaks of nobody, so that no login matches it.
 */
export function hintedSubject(
  hint: string,
  client: string,
  parts: { readonly settings: Settings; readonly keyring: Keyring },
): string {
  try {
    const { claims, typ } = verify(hint, parts.keyring.keySource())
    const ours =
      typ !== undefined &&
      normalizeTyp(typ) === 'jwt' &&
      claims.iss === parts.settings.issuer &&
      claims.aud === client
    return ours && typeof claims.sub === 'string' ? claims.sub : ''
  } catch {
    return ''
  }
}
