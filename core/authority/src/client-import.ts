import type { Clock, Random, Secret } from '@jotwarden/token'
import type { AccountStore } from './account-store.ts'
import { clientFaults } from './client-faults.ts'
import type { ClientSecret } from './client-secret.ts'
import { madeSecret } from './client-secret-administration.ts'
import type { Client, ClientStore } from './client-store.ts'
import { NOTHING, noted } from './recording.ts'
import { isWeakSecret } from './secret-strength.ts'
import type { Settings } from './settings.ts'

/** A client as another issuer knew it. Everything is said; nothing is filled in. */
export interface ImportedClient extends Omit<Client, 'secrets' | 'createdAt'> {
  /** The secret that it goes on with; null for public clients. */
  readonly secret: Secret | null
}

/** What keeps clients from being imported: of which, by its place in the list, and of what of it. */
export interface ImportFinding {
  readonly index: number
  readonly member: keyof ImportedClient
  readonly problem: string
  readonly remedy: string
}

export interface ImportOptions {
  /** What becomes of clients whose id is taken: they keep everything from being imported, or are left as they are. */
  readonly taken: 'refuse' | 'skip'
  readonly allowWeakSecrets: boolean
  /** Finds what there is to find, and changes nothing. */
  readonly dryRun: boolean
}

/** Ids of what was imported, or would be; and what kept all of it from being imported. */
export interface ImportOutcome {
  readonly added: readonly string[]
  readonly skipped: readonly string[]
  /** Of those added, which have a weak secret. */
  readonly weak: readonly string[]
  readonly findings: readonly ImportFinding[]
}

/** Brings clients from elsewhere. */
export interface ClientImport {
  /** Adds all of them in one act, or none when there is a finding. Their secrets go on working. */
  import(clients: readonly ImportedClient[], options: ImportOptions): Promise<ImportOutcome>
}

export interface ClientImportParts {
  readonly settings: Settings
  readonly clients: ClientStore
  readonly accounts: Pick<AccountStore, 'find'>
  readonly clock: Clock
  readonly random: Random
}

export function createClientImport(parts: ClientImportParts): ClientImport {
  const { settings, clients, accounts, clock, random } = parts
  const { issuer, resources } = settings
  return {
    async import(imported, options) {
      const now = clock.now()
      const rows = imported.map(
        ({ secret, ...client }): Client => ({
          ...client,
          secrets: secret === null ? [] : [importedSecret(secret, random, now)],
          createdAt: now,
        }),
      )
      const findings = [
        ...repeated(rows),
        ...rows.flatMap((row, index) =>
          clientFaults(row, resources).map(({ member, what, remedy }) => ({
            index,
            member: member as keyof ImportedClient,
            problem: `may not have ${what}`,
            remedy,
          })),
        ),
        ...rows.flatMap((row, index) => secretFindings(row, index, options)),
        ...(await namesakes(rows)),
      ]
      const known = await takenIds(rows)
      if (options.taken === 'refuse') findings.push(...rows.flatMap((row, index) => taken(row, index, known)))
      if (findings.length > 0) return { added: [], skipped: [], weak: [], findings }
      const answer = options.dryRun
        ? { added: rows.map(({ id }) => id).filter((id) => !known.has(id)), taken: [...known] }
        : await addAll(rows, options)
      if (options.taken === 'refuse' && answer.taken.length > 0) {
        const late = new Set(answer.taken)
        return {
          added: [],
          skipped: [],
          weak: [],
          findings: rows.flatMap((row, index) => taken(row, index, late)),
        }
      }
      const added = rows.filter(({ id }) => answer.added.includes(id))
      return {
        added: added.map(({ id }) => id),
        skipped: answer.taken,
        weak: added.filter(isWeak).map(({ id }) => id),
        findings: [],
      }
    },
  }

  /** RFC 9700 §4.15: a token in the client's own name would have the person's `sub`. */
  async function namesakes(rows: readonly Client[]): Promise<readonly ImportFinding[]> {
    const found = await Promise.all(rows.map(({ id }) => accounts.find(id)))
    return found.flatMap((account, index) =>
      account === undefined
        ? []
        : [{ index, member: 'id' as const, problem: 'is the subject of a person', remedy: 'use another id' }],
    )
  }

  async function takenIds(rows: readonly Client[]): Promise<ReadonlySet<string>> {
    const held = new Set((await clients.list(issuer)).map(({ id }) => id))
    return new Set(rows.map(({ id }) => id).filter((id) => held.has(id)))
  }

  function addAll(rows: readonly Client[], options: ImportOptions) {
    const at = clock.now()
    return clients.addAll(issuer, rows, options.taken, ({ added }) =>
      added.length === 0
        ? NOTHING
        : noted(...added.map((client) => ({ type: 'client-added', at, client, cause: 'imported' }) as const)),
    )
  }
}

function importedSecret(secret: Secret, random: Random, now: number): ClientSecret {
  const origin = isWeakSecret(secret.revealText()) ? 'imported-weak' : 'imported'
  return { ...madeSecret(secret, random, now), origin }
}

function isWeak({ secrets }: Client): boolean {
  return secrets.some(({ origin }) => origin === 'imported-weak')
}

function secretFindings(
  client: Client,
  index: number,
  { allowWeakSecrets }: ImportOptions,
): readonly ImportFinding[] {
  const finding = (problem: string, remedy: string) => [{ index, member: 'secret' as const, problem, remedy }]
  if (client.type === 'public')
    return client.secrets.length === 0
      ? []
      : finding('has a secret, which a public client cannot keep', 'leave it out, or make it confidential')
  if (client.secrets.length === 0)
    return finding('has no secret, and could not prove who it is', 'give the one that it has')
  if (!isWeak(client) || allowWeakSecrets) return []
  return finding(
    'is so weak that whoever reads the store can find it by guessing',
    'give the client a new one, or say that weak ones are allowed and replace it soon',
  )
}

function repeated(rows: readonly Client[]): readonly ImportFinding[] {
  return rows.flatMap(({ id }, index) => {
    const first = rows.findIndex((row) => row.id === id)
    if (first === index) return []
    return [{ index, member: 'id' as const, problem: 'stands there twice', remedy: 'leave one of them out' }]
  })
}

function taken({ id }: Client, index: number, known: ReadonlySet<string>): readonly ImportFinding[] {
  if (!known.has(id)) return []
  const remedy = 'leave it out, or say that clients that are there are skipped'
  return [{ index, member: 'id', problem: 'is taken', remedy }]
}
