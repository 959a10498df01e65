import type { KeyRecord } from './key-record.ts'
import { type KeyPurpose, keyPurposes } from './purposes.ts'

/** What the dates of keys are derived from. All are seconds. */
export interface KeyPlan {
  /** For how long others may keep the published key set. */
  readonly jwksMaxAge: number
  /** How long an answer may be under way, or lie in a cache that does not say so. */
  readonly propagation: number
  /** How far any two clocks may be apart, and how much verifiers allow for it. */
  readonly skew: number
  /** For how long a node may work with the records as it read them. */
  readonly lease: number
  readonly purposes: Readonly<Record<KeyPurpose, PurposePlan>>
}

/** What of a plan differs by purpose. */
export interface PurposePlan {
  /** How long a key stays active; longer only while its successor is not known everywhere yet. */
  readonly rotationPeriod: number
  /** How often a key is used before it is replaced, whatever its age; left out for no such limit. */
  readonly rotationVolume?: number
  /** How long a key may protect at all, when it could not be replaced; two years, the most there may be, when left out. */
  readonly cryptoperiod?: number
  /** The longest life of anything a key protects. */
  readonly longestLife: number
}

/**
 * When the pending key is known to everybody who may meet what it protects: every node has read its record, and for a
 * published key whatever copy of the key set was made before it has run out.
 */
export function knownFrom(record: KeyRecord, { jwksMaxAge, propagation, skew, lease }: KeyPlan): number {
  const cached = keyPurposes[record.purpose].published ? jwksMaxAge : 0
  return (record.announcedAt ?? record.createdAt) + lease + propagation + cached + skew
}

/** From when on no node protects with the retiring key any more. */
export function unusedFrom(retiringAt: number, { lease, skew }: KeyPlan): number {
  return retiringAt + lease + skew
}

/**
 * From when on nothing that the key protected is valid anywhere. `latestEnd`: what was protected before it began to retire
 * ends then at the latest, whatever lifetimes were configured before (seconds since the epoch; 0 when not known).
 * The skew counts three times: between the nodes that retire and remove, between the one that protected and whoever
 * verifies, and for what verifiers allow.
 */
export function removableFrom(
  purpose: KeyPurpose,
  retiringAt: number,
  latestEnd: number,
  plan: KeyPlan,
): number {
  const lastEnd = retiringAt + plan.lease + plan.purposes[purpose].longestLife
  return Math.ceil(Math.max(lastEnd, latestEnd) + plan.propagation + 3 * plan.skew)
}
