import {
  importMacKey,
  importSealKey,
  KeySet,
  type KeySource,
  type MacKey,
  type PublicJwk,
  parsePublicJwk,
  type SealKey,
  type Signer,
} from '@jotwarden/token'
import { KeyringError } from './errors.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyStore } from './key-store.ts'
import { isKeyPurpose } from './purposes.ts'
import { checkOneActive, checkRecord, printable } from './record-check.ts'
import { isKeyState, isPublished, mayProcess, mayProtect } from './states.ts'

/** The private side of one key, opened. */
export type OpenedKey =
  | { readonly purpose: 'token-signing'; readonly signer: Signer }
  | { readonly purpose: 'refresh-mac'; readonly macKey: MacKey }
  | { readonly purpose: 'sealing'; readonly sealKey: SealKey }

/** All keys of an issuer as one list of records has them. */
export interface OpenedKeys {
  /** Differs whenever a record does. */
  readonly fingerprint: string
  /** The records in use: of known purposes, without those in `problems`. */
  readonly records: readonly KeyRecord[]
  /** One for each key that could not be opened and is left out. */
  readonly problems: readonly KeyringError[]
  readonly byKid: ReadonlyMap<string, OpenedKey>
  readonly signer: Signer | undefined
  readonly macKey: MacKey | undefined
  readonly sealKey: SealKey | undefined
  readonly jwks: { readonly keys: readonly PublicJwk[] }
  readonly keySource: KeySource
}

/**
 * Checks the records and opens every key that may be needed; those in `known` are not opened again.
 * Opening pending signers too shows a wrong wrapping key at start, not at the moment of activation.
 * A key that cannot be opened is left out, neither used nor published; when it is the active one, this throws.
 * Throws `keyring/record`, or what the store throws.
 */
export async function openKeys(
  listed: readonly KeyRecord[],
  issuer: string,
  store: KeyStore,
  known: ReadonlyMap<string, OpenedKey>,
): Promise<OpenedKeys> {
  const records = knownPurposes(listed)
  for (const record of records) checkRecord(record, issuer)
  checkOneActive(records)
  const byKid = new Map<string, OpenedKey>()
  const problems = new Map<string, KeyringError>()
  for (const record of records.filter(needsPrivatePart)) {
    try {
      byKid.set(record.kid, reusable(known, record) ?? (await openKey(record, store)))
    } catch (error) {
      if (mayProtect(record.state)) throw error
      problems.set(record.kid, problemOf(record, error))
    }
  }
  const usable = records.filter(({ kid }) => !problems.has(kid))
  return assemble(fingerprintOf(listed), usable, byKid, [...problems.values()])
}

/**
 * The records without the pending ones that cannot be opened: a key that nobody can use must never become the active one,
 * and is no spare.
 */
export async function withoutUnopenedSpares(
  records: readonly KeyRecord[],
  store: KeyStore,
): Promise<readonly KeyRecord[]> {
  const isKept = await Promise.all(
    records.map((record) => record.state !== 'pending' || canBeOpened(record, store)),
  )
  return records.filter((_, index) => isKept[index] === true)
}

/**
 * The keys without those that the list says may no longer process; nothing is opened and nothing else is
 * believed, so that this works on a list that `openKeys` refuses. The same object when there are none.
 */
export function withdrawKeys(keys: OpenedKeys, listed: readonly KeyRecord[], issuer: string): OpenedKeys {
  const ended = new Set(listed.filter((record) => record.issuer === issuer && isEnded(record)).map(kidOf))
  const left = keys.records.filter((record) => !ended.has(record.kid) || isEnded(record))
  if (left.length === keys.records.length) return keys
  const byKid = new Map([...keys.byKid].filter(([kid]) => !ended.has(kid)))
  return assemble(withdrawn, left, byKid, keys.problems)
}

/** Two lists with the same records give the same text, in whatever order they come. */
export function fingerprintOf(records: readonly KeyRecord[]): string {
  return records
    .map(({ kid, version, state }) => `${kid}:${version}:${state}`)
    .sort()
    .join()
}

function assemble(
  fingerprint: string,
  records: readonly KeyRecord[],
  byKid: ReadonlyMap<string, OpenedKey>,
  problems: readonly KeyringError[],
): OpenedKeys {
  return { fingerprint, records, byKid, problems, ...activeKeys(records, byKid), ...publicSide(records) }
}

function isEnded({ state }: KeyRecord): boolean {
  return isKeyState(state) && !mayProcess(state)
}

function kidOf({ kid }: KeyRecord): string {
  return kid
}

function problemOf({ kid, purpose, state }: KeyRecord, cause: unknown): KeyringError {
  if (cause instanceof KeyringError) return cause
  return new KeyringError(
    'keyring/unreadable',
    `Cannot use the ${state} ${purpose} key ${printable(kid)}: the store cannot open it`,
    { cause },
  )
}

/** A newer node may have added a purpose that this one does not know: not its business. */
function knownPurposes(records: readonly KeyRecord[]): readonly KeyRecord[] {
  return records.filter(({ purpose }) => isKeyPurpose(purpose))
}

/** A retiring signer only verifies, so its private part is not even opened. */
function needsPrivatePart({ purpose, state }: KeyRecord): boolean {
  return purpose === 'token-signing' ? state === 'pending' || mayProtect(state) : mayProcess(state)
}

function reusable(known: ReadonlyMap<string, OpenedKey>, { kid, purpose }: KeyRecord): OpenedKey | undefined {
  const key = known.get(kid)
  return key?.purpose === purpose ? key : undefined
}

async function canBeOpened(record: KeyRecord, store: KeyStore): Promise<boolean> {
  if (!isKeyPurpose(record.purpose) || record.wrapped === null) return false
  try {
    await openKey(record, store)
    return true
  } catch {
    return false
  }
}

async function openKey(record: KeyRecord, store: KeyStore): Promise<OpenedKey> {
  const { purpose, kid } = record
  if (purpose === 'refresh-mac') return { purpose, macKey: importMacKey(kid, await store.secret(record)) }
  if (purpose === 'sealing') return { purpose, sealKey: importSealKey(kid, await store.secret(record)) }
  const signer = await store.signer(record)
  if (signer.kid !== kid || signer.alg !== record.alg) {
    throw new KeyringError(
      'keyring/record',
      `Cannot use the key ${printable(kid)}: the store opened another one`,
    )
  }
  return { purpose, signer }
}

function activeKeys(
  records: readonly KeyRecord[],
  byKid: ReadonlyMap<string, OpenedKey>,
): Pick<OpenedKeys, 'signer' | 'macKey' | 'sealKey'> {
  const active = records.filter(({ state }) => mayProtect(state)).map(({ kid }) => byKid.get(kid))
  return {
    signer: active.find((key) => key?.purpose === 'token-signing')?.signer,
    macKey: active.find((key) => key?.purpose === 'refresh-mac')?.macKey,
    sealKey: active.find((key) => key?.purpose === 'sealing')?.sealKey,
  }
}

function publicSide(records: readonly KeyRecord[]): Pick<OpenedKeys, 'jwks' | 'keySource'> {
  const signing = records.filter(({ purpose }) => purpose === 'token-signing').sort(activeFirst)
  const verifying = publicParts(signing.filter(({ state }) => mayProcess(state)))
  const keySource = KeySet.fromJwks({ keys: verifying })
  // A key set skips what it does not understand; a key of ours must never go missing silently.
  if (keySource.size !== verifying.length) {
    throw new KeyringError('keyring/record', 'Cannot use the keys: a public part is not understood')
  }
  const published = publicParts(signing.filter(({ state }) => isPublished(state)))
  return { jwks: Object.freeze({ keys: Object.freeze(published) }), keySource }
}

/** What of a public part may be shown: unknown members stay behind. */
function publicParts(records: readonly KeyRecord[]): readonly PublicJwk[] {
  return records.flatMap(({ publicJwk }) =>
    publicJwk === null ? [] : [Object.freeze(parsePublicJwk(publicJwk))],
  )
}

function activeFirst(a: KeyRecord, b: KeyRecord): number {
  const rank = Number(mayProtect(b.state)) - Number(mayProtect(a.state))
  return rank === 0 ? b.createdAt - a.createdAt || (a.kid < b.kid ? -1 : 1) : rank
}

/** No list has this fingerprint, so that the next one is read whatever it says. */
const withdrawn = 'withdrawn'
