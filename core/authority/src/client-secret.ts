import { timingSafeEqual } from 'node:crypto'
import type { Client } from './client-store.ts'
import { sha256 } from './sha256.ts'

/** A secret that a client may show. Its text is kept nowhere. */
export interface ClientSecret {
  /** Names it among the client's, for people. */
  readonly id: string
  /** base64url of the SHA-256 of its text. */
  readonly hash: string
  /** Made here, of 256 random bits; or brought along, and perhaps so weak that its hash gives it away. */
  readonly origin: 'made' | 'imported' | 'imported-weak'
  /** Seconds since the epoch. */
  readonly createdAt: number
  /** It is refused from then on; null while nothing replaces it. */
  readonly endsAt: number | null
  /** When it was shown last; the first time within each hour is kept. */
  readonly usedAt: number | null
}

/** A secret that takes the place of another. */
export interface SecretRotation {
  readonly client: string
  /** Id of the newest secret that the caller saw. */
  readonly replaces: string
  readonly fresh: ClientSecret
  /** When the one before ends, unless it ends earlier; `now` or earlier ends all before at once. */
  readonly endsAt: number
  /** Ends the client's sessions too, and voids its codes. */
  readonly endsGrants: boolean
  readonly now: number
}

export type SecretRotationOutcome = 'rotated' | 'changed' | 'overlapping' | 'unknown'
export type SecretEndOutcome = 'ended' | 'already' | 'last' | 'unknown'

/** What became of a client's secrets; `secrets` are those that it has from now on. */
export interface DecidedSecrets<Outcome> {
  readonly outcome: Outcome
  readonly secrets: readonly ClientSecret[]
}

/**
 * Puts the fresh secret before the newest one, if that is still the one that the caller saw, and leaves two at most. Of two
 * that are valid none is dropped, unless all are to end at once.
 */
export function decideSecretRotation(
  client: Client | undefined,
  { replaces, fresh, endsAt, now }: SecretRotation,
): DecidedSecrets<SecretRotationOutcome> {
  if (client === undefined) return { outcome: 'unknown', secrets: [] }
  const { secrets } = client
  const [newest] = secrets
  if (newest?.id !== replaces) return { outcome: 'changed', secrets }
  const valid = secrets.filter((secret) => isValidSecret(secret, now))
  if (valid.length > 1 && endsAt > now) return { outcome: 'overlapping', secrets }
  const before = valid[0] ?? newest
  return { outcome: 'rotated', secrets: [fresh, ending(before, endsAt)] }
}

/** Ends one of two valid secrets at once. The last one is not ended: that would be a client that nobody can use. */
export function decideSecretEnd(
  client: Client | undefined,
  id: string,
  now: number,
): DecidedSecrets<SecretEndOutcome> {
  const secrets = client?.secrets ?? []
  const secret = secrets.find((one) => one.id === id)
  if (secret === undefined) return { outcome: 'unknown', secrets }
  if (!isValidSecret(secret, now)) return { outcome: 'already', secrets }
  if (!secrets.some((one) => one !== secret && isValidSecret(one, now))) return { outcome: 'last', secrets }
  return { outcome: 'ended', secrets: secrets.map((one) => (one === secret ? ending(one, now) : one)) }
}

/** The secrets with the use noted; undefined when there is nothing to note. */
export function notedUse(
  client: Client | undefined,
  id: string,
  at: number,
): readonly ClientSecret[] | undefined {
  const secret = client?.secrets.find((one) => one.id === id)
  if (secret === undefined || !isUseDue(secret, at)) return undefined
  return client?.secrets.map((one) => (one === secret ? { ...one, usedAt: at } : one))
}

/** Whether a use would be noted: one write for each secret and hour at most. */
export function isUseDue({ usedAt }: ClientSecret, now: number): boolean {
  return usedAt === null || now - usedAt >= USE_INTERVAL
}

/** Whether it may be shown at `now` (seconds since the epoch). */
export function isValidSecret({ endsAt }: ClientSecret, now: number): boolean {
  return endsAt === null || now < endsAt
}

/** The client's secret with this text, ended ones included. All are compared, each in constant time. */
export function secretWithText({ secrets }: Client, text: string): ClientSecret | undefined {
  const shown = Buffer.from(sha256(text), 'latin1')
  let found: ClientSecret | undefined
  for (const secret of secrets) {
    const kept = Buffer.from(secret.hash, 'latin1')
    if (kept.length === shown.length && timingSafeEqual(kept, shown)) found = secret
  }
  return found
}

function ending(secret: ClientSecret, at: number): ClientSecret {
  return { ...secret, endsAt: Math.min(secret.endsAt ?? at, at) }
}

/** Seconds. */
const USE_INTERVAL = 3600
