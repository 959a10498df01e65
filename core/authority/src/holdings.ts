import type { KeyRecord } from '@jotwarden/keyring'

/**
 * A secret that somebody outside may know: the key-encryption key, a copy of it kept elsewhere, the secret of a client,
 * or a symmetric key shared with an audience. The last are named by what they are for, so that each pair of issuer and
 * audience has one of its own.
 */
export type HeldSecret = 'kek' | 'kek-backup' | `client:${string}` | `shared:${string}`

/** That somebody knows, or can read, a secret. */
export interface Holding {
  /** The person or the system, by the name that people use. */
  readonly holder: string
  readonly kind: 'person' | 'system'
  readonly secret: HeldSecret
  /** Seconds since the epoch. */
  readonly since: number
  /** Why the secret may have more holders than `MOST_HOLDERS`, where somebody wrote that out. */
  readonly because: string | null
  /** When the holder was offboarded. The holding stays on record, since nobody unlearns a secret. */
  readonly offboardedAt: number | null
  /** What the secret was then, as a digest; null where it cannot be told. */
  readonly leftWith: string | null
  /** The ids of all keys that there were then, for whoever could have opened a copy of them. */
  readonly copied: readonly string[]
  /** When the last thing that the holder knew had stopped to work. */
  readonly settledAt: number | null
}

/** What is known of a holding when it begins. */
export type NewHolding = Pick<Holding, 'holder' | 'kind' | 'secret' | 'since' | 'because'>

/** What offboarding does to the holdings of one holder. */
export interface Departure {
  readonly holder: string
  /** Seconds since the epoch. */
  readonly at: number
  /** Digests of the secrets as they are. */
  readonly digests: Readonly<Partial<Record<HeldSecret, string>>>
}

/** Every holder of a shared secret can act as every other: two ends are what it is for. */
export const MOST_HOLDERS = 2

/** Whether the value names a secret. */
export function isHeldSecret(value: string): value is HeldSecret {
  return value === 'kek' || value === 'kek-backup' || /^(?:client|shared):[^\p{C}]{1,512}$/u.test(value)
}

/** Whether its holder can open the private keys of a copy of the store. */
export function opensKeys(secret: HeldSecret): boolean {
  return secret === 'kek' || secret === 'kek-backup'
}

/** What becomes of a new holding beside those that there are. Every store calls it inside the act. */
export function decideHolding(
  present: readonly Holding[],
  { holder, secret, because }: NewHolding,
): 'added' | 'exists' | 'full' {
  const others = present.filter((held) => held.secret === secret)
  if (others.some((held) => held.holder === holder)) return 'exists'
  const counted = others.filter(({ settledAt }) => settledAt === null)
  return because === null && counted.length >= MOST_HOLDERS ? 'full' : 'added'
}

/** The holding after its holder has left; the same when that was on record. Every store calls it inside the act. */
export function departed(held: Holding, departure: Departure, keys: readonly KeyRecord[]): Holding {
  if (held.holder !== departure.holder || held.offboardedAt !== null) return held
  const kept = keys.filter(({ state }) => state !== 'retired' && state !== 'compromised')
  return {
    ...held,
    offboardedAt: departure.at,
    leftWith: departure.digests[held.secret] ?? null,
    copied: opensKeys(held.secret) ? kept.map(({ kid }) => kid).toSorted() : [],
  }
}
