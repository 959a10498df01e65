import type { KeyRecord } from '@jotwarden/keyring'
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
}

/** Digests of the secrets as they are: enough to see that one was replaced. */
export function digestsOf({ clients, kekId }: SecretFacts): Readonly<Partial<Record<HeldSecret, string>>> {
  const kek = digest(`kek ${kekId}`)
  const secrets = clients.flatMap(({ id, secretHash }) =>
    secretHash === null ? [] : [[`client:${id}`, digest(`client ${secretHash}`)] as const],
  )
  return { kek, 'kek-backup': kek, ...Object.fromEntries(secrets) }
}

/** What remains to be done because of one holding; nothing while its holder is here, or once it is settled. */
export function remainingSteps(held: Holding, facts: SecretFacts): readonly RemainingStep[] {
  if (held.offboardedAt === null || held.settledAt !== null) return []
  if (opensKeys(held.secret)) return [...keySteps(held, facts), ...kekSteps(held, facts)]
  const name = held.secret.slice(held.secret.indexOf(':') + 1)
  if (held.secret.startsWith('shared:')) return [{ step: 'replace-shared-key', audience: name }]
  const now = digestsOf(facts)[held.secret]
  const isReplaced = now === undefined || (held.leftWith !== null && now !== held.leftWith)
  return isReplaced ? [] : [{ step: 'replace-client-secret', client: name }]
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
