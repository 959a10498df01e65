import type { VerifiedClaims } from '@jotwarden/token'
import { normalizeTyp } from '@jotwarden/token'
import { type Audience, audienceIncludes } from './audience.ts'
import { isKnownConfirmation, type RegisteredClaims } from './claims.ts'
import type { DenyReason } from './decision.ts'
import type { Demands } from './demand.ts'
import type { KindRule, TokenKind } from './kinds.ts'
import { unmet } from './unmet.ts'

/** What a profile has settled; `null` where a check is left out. */
export interface Terms<K extends TokenKind = TokenKind> {
  readonly rule: KindRule<K>
  /** The normalised media types of which `typ` must be one; `null` among them stands for a header without. */
  readonly typ: readonly (string | null)[]
  readonly issuer: string | null
  readonly audience: Audience | null
  readonly subject: string | null
  readonly clientId: string | null
  readonly authorizedParty: string | null
  readonly nonce: string | null
  /** Names of the kind and of the reader. */
  readonly required: readonly string[]
  readonly declared: readonly string[]
  readonly skew: number
  readonly longestLifetime: number
  readonly maxAge: number | null
  readonly demands: Demands | null
}

/** Claims of which `claimCheck` has made sure that each has its type. */
export type CheckedClaims = VerifiedClaims & RegisteredClaims

/** One line of the checklist: null, or why the claims are refused. */
export type Check = (claims: CheckedClaims, now: number) => DenyReason | null

/** What the claims of a profile have to say, in the order in which it is asked, without what was left out. */
export function checklist(terms: Terms): readonly Check[] {
  const { rule, issuer, audience, subject, clientId, authorizedParty, nonce, demands } = terms
  const mayCarry = (name: string): boolean => !rule.forbidden.includes(name)
  const lines: readonly (Check | null)[] = [
    issuer === null ? null : ({ iss }) => (iss === issuer ? null : 'wrong-issuer'),
    audience === null ? null : ({ aud }) => (audienceIncludes(aud ?? [], audience) ? null : 'wrong-audience'),
    ...rule.checks,
    subject === null ? null : ({ sub }) => (sub === subject ? null : 'wrong-subject'),
    clientId === null ? null : ({ client_id }) => (client_id === clientId ? null : 'wrong-client'),
    mayCarry('azp') ? authorizedPartyCheck(rule, authorizedParty) : null,
    nonce === null ? null : (claims) => (claims.nonce === nonce ? null : 'wrong-nonce'),
    mayCarry('cnf') ? confirmationFault : null,
    timeCheck(terms),
    demands === null ? null : demands[unmet],
  ]
  return lines.filter((line) => line !== null)
}

/** Says whether `typ` is one of those accepted (RFC 8725 §3.11). */
export function isAcceptedTyp(typ: string | undefined, accepted: Terms['typ']): boolean {
  if (typ === undefined) return accepted.includes(null)
  return accepted.includes(typ) || accepted.includes(normalizeTyp(typ))
}

/** Who is meant to use the token is its audience where it is an ID token (OpenID Connect Core §2), else its client. */
function authorizedPartyCheck({ kind }: KindRule, wanted: string | null): Check {
  return ({ azp, aud, client_id }) => {
    if (wanted !== null && azp !== wanted) return 'wrong-authorized-party'
    if (azp === undefined) return null
    const party = kind === 'id' ? aud : client_id
    return party === undefined || audienceIncludes(party, azp) ? null : 'wrong-authorized-party'
  }
}

function confirmationFault({ cnf }: CheckedClaims): DenyReason | null {
  return cnf === undefined || isKnownConfirmation(cnf) ? null : 'unknown-confirmation'
}

function timeCheck({ skew, longestLifetime, maxAge }: Terms): Check {
  return ({ iat, nbf, exp, auth_time }, now) => {
    const begun = iat ?? nbf ?? now
    const end = exp ?? begun + longestLifetime
    if (iat !== undefined && now < iat - skew) return 'issued-in-future'
    if (nbf !== undefined && now < nbf - skew) return 'not-yet-valid'
    if (auth_time !== undefined && now < auth_time - skew) return 'authenticated-in-future'
    if (now >= end + skew) return 'expired'
    if (end <= Math.max(iat ?? 0, nbf ?? 0)) return 'ends-before-start'
    if (end - begun > longestLifetime) return 'lifetime-too-long'
    if (maxAge !== null && now >= begun + maxAge + skew) return 'too-old'
    return null
  }
}
