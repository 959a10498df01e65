import type { KeyRecord } from '@jotwarden/keyring'
import { isValidSecret } from './client-secret.ts'
import type { Client } from './client-store.ts'
import { type HeldSecret, type Holding, opensKeys } from './holdings.ts'
import { sha256 } from './sha256.ts'

/** Something that somebody who left still knows, and that still works. */
export type RemainingStep =
  /** Keys that the holder may have copied are, or will be, in use. */
  | { readonly step: 'replace-keys'; readonly kids: readonly string[] }
  /** The key-encryption key that the holder knows still wraps. */
  | { readonly step: 'replace-kek' }
  | { readonly step: 'replace-client-secret'; readonly client: string }
  /** Only people know whether a key that is shared outside was replaced. */
  | { readonly step: 'replace-shared-key'; readonly audience: string }

/** What the steps are told from. */
export interface SecretFacts {
  readonly keys: readonly KeyRecord[]
  readonly clients: readonly Client[]
  /** The id of the key-encryption key in force. */
  readonly kekId: string
  /** Seconds since the epoch. */
  readonly now: number
}

/** Digests of the secrets as they are: enough to see that one was replaced. Of a client with two valid ones there are two. */
export function digestsOf(facts: SecretFacts): Readonly<Partial<Record<HeldSecret, string>>> {
  const kek = digest(`kek ${facts.kekId}`)
  const secrets = facts.clients.flatMap(({ id, secrets }) => {
    const valid = secrets.filter((secret) => isValidSecret(secret, facts.now))
    const digests = valid.map(({ hash }) => digest(`client ${hash}`))
    return digests.length === 0 ? [] : [[`client:${id}`, digests.join(' ')] as const]
  })
  return { kek, 'kek-backup': kek, ...Object.fromEntries(secrets) }
}

/** What remains to be done because of one holding; nothing while its holder is here, or once it is settled. */
export function remainingSteps(held: Holding, facts: SecretFacts): readonly RemainingStep[] {
  if (held.offboardedAt === null || held.settledAt !== null) return []
  if (opensKeys(held.secret)) return [...keySteps(held, facts), ...kekSteps(held, facts)]
  const name = held.secret.slice(held.secret.indexOf(':') + 1)
  if (held.secret.startsWith('shared:')) return [{ step: 'replace-shared-key', audience: name }]
  return stillWorks(held, facts) ? [{ step: 'replace-client-secret', client: name }] : []
}

/** With an overlap the one that the holder knew works on for days after another took its place. */
function stillWorks({ secret, leftWith }: Holding, facts: SecretFacts): boolean {
  const known = leftWith?.split(' ')
  const valid = digestsOf(facts)[secret]?.split(' ') ?? []
  return valid.some((one) => known === undefined || known.includes(one))
}

function keySteps(held: Holding, { keys }: SecretFacts): readonly RemainingStep[] {
  const copied = new Set(held.copied)
  const kids = keys
    .filter(({ kid, state }) => copied.has(kid) && MAY_PROTECT.has(state))
    .map(({ kid }) => kid)
  return kids.length === 0 ? [] : [{ step: 'replace-keys', kids }]
}

function kekSteps(held: Holding, facts: SecretFacts): readonly RemainingStep[] {
  const isReplaced = held.leftWith !== null && digestsOf(facts)[held.secret] !== held.leftWith
  return isReplaced ? [] : [{ step: 'replace-kek' }]
}

function digest(text: string): string {
  return sha256(text).slice(0, 22)
}

/** States from which a key protects, now or later. */
const MAY_PROTECT: ReadonlySet<string> = new Set(['active', 'pending', 'suspended'])
