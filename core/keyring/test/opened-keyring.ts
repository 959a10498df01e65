import {
  createKeyring,
  type KeyRecord,
  type Keyring,
  type KeyringOptions,
  type KeyTransition,
} from '@jotwarden/keyring'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { PlainKeyStore } from './plain-key-store.ts'

export async function opened(options: Partial<KeyringOptions> = {}): Promise<{
  readonly keyring: Keyring
  readonly records: MemoryKeyRecords
  readonly store: PlainKeyStore
}> {
  const records = new MemoryKeyRecords()
  const store = new PlainKeyStore()
  const keyring = createKeyring({ issuer, records, store, clock, ...options })
  await keyring.open()
  return { keyring, records, store }
}

export async function recordOf(records: MemoryKeyRecords, wanted: string): Promise<KeyRecord> {
  const record = (await records.list(issuer)).find(({ kid }) => kid === wanted)
  if (record === undefined) throw new Error('Cannot test: the record is missing')
  return record
}

export function spareOf(keyring: Keyring): string {
  const spare = keyring.jwks().keys.find(({ kid }) => kid !== keyring.signer().kid)?.kid
  if (spare === undefined) throw new Error('Cannot test: there is no spare')
  return spare
}

export function step(kid: string, version: number, to: KeyTransition['to']): KeyTransition {
  return { kid, version, to, at: 2000 }
}

export const issuer = 'https://issuer.example'
export const clock = { now: () => 1000.7 }
