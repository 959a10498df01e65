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
import { checkOneActive, checkRecord } from './record-check.ts'
import { isPublished, mayProcess, mayProtect } from './states.ts'

/** The private side of one key, opened. */
export type OpenedKey =
  | { readonly purpose: 'token-signing'; readonly signer: Signer }
  | { readonly purpose: 'refresh-mac'; readonly macKey: MacKey }
  | { readonly purpose: 'sealing'; readonly sealKey: SealKey }

/** All keys of an issuer as one list of records has them. */
export interface OpenedKeys {
  /** Differs whenever a record does. */
  readonly fingerprint: string
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
  for (const record of records.filter(needsPrivatePart)) {
    byKid.set(record.kid, reusable(known, record) ?? (await openKey(record, store)))
  }
  return {
    fingerprint: fingerprintOf(listed),
    byKid,
    ...activeKeys(records, byKid),
    ...publicSide(records),
  }
}

/** Two lists with the same records give the same text, in whatever order they come. */
export function fingerprintOf(records: readonly KeyRecord[]): string {
  return records
    .map(({ kid, version, state }) => `${kid}:${version}:${state}`)
    .sort()
    .join()
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

async function openKey(record: KeyRecord, store: KeyStore): Promise<OpenedKey> {
  const { purpose, kid } = record
  if (purpose === 'refresh-mac') return { purpose, macKey: importMacKey(kid, await store.secret(record)) }
  if (purpose === 'sealing') return { purpose, sealKey: importSealKey(kid, await store.secret(record)) }
  const signer = await store.signer(record)
  if (signer.kid !== kid || signer.alg !== record.alg) {
    throw new KeyringError('keyring/record', `Cannot use the key ${kid}: the store opened another one`)
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
