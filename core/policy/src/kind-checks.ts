import { type Audience, isSoleAudience } from './audience.ts'
import type { Check } from './checklist.ts'
import type { RegisteredClaims } from './claims.ts'
import type { DenyReason } from './decision.ts'

/** What single rows of the table of kinds ask, each function for those rows alone: a bundle has what its row names. */

/** Its reader is the only audience. */
export const soleAudience: Check = ({ aud }) => (isSoleAudience(aud ?? []) ? null : 'several-audiences')

/** Two claims are the same text. */
export function sameText(one: Audience | undefined, other: Audience | undefined): DenyReason | null {
  return soleText(one) === soleText(other) ? null : 'claims-differ'
}

/** The issuer speaks neither of itself nor to itself. */
export const othersThanIssuer: Check = ({ iss, sub, aud }) =>
  sub === iss || soleText(aud) === iss ? 'claims-coincide' : null

/** It tells of this event (RFC 8417 §2.2). */
export function eventNamed(event: string, events: RegisteredClaims['events']): DenyReason | null {
  return Object.hasOwn(events ?? {}, event) ? null : 'wrong-event'
}

function soleText(value: Audience | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value[0]
}
