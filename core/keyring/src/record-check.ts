import { jwkThumbprint, parsePublicJwk } from '@jotwarden/token'
import { KeyringError } from './errors.ts'
import { isImported } from './import-keys.ts'
import type { KeyRecord } from './key-record.ts'
import { isKeyPurpose, type KeyPurposeEntry, keyPurposes } from './purposes.ts'
import { isKeyState, mayProtect } from './states.ts'

/**
 * Refuses a record that contradicts itself, so that a row changed by hand is noticed before its key is used.
 * Throws `keyring/record`.
 */
export function checkRecord(record: KeyRecord, issuer: string): void {
  if (record.issuer !== issuer) throw refused(record, 'it belongs to another issuer')
  if (!isKeyState(record.state)) throw refused(record, 'its state is unknown')
  if (!isKeyPurpose(record.purpose)) throw refused(record, 'its purpose is unknown')
  const entry = keyPurposes[record.purpose]
  if (!entry.algs.includes(record.alg)) throw refused(record, 'its algorithm does not fit its purpose')
  checkPublicPart(record, entry)
}

/** Refuses records that give one purpose two active keys. Throws `keyring/record`. */
export function checkOneActive(records: readonly KeyRecord[]): void {
  const seen = new Set<string>()
  for (const record of records.filter(({ state }) => mayProtect(state))) {
    if (seen.has(record.purpose)) throw refused(record, `another ${record.purpose} key is active too`)
    seen.add(record.purpose)
  }
}

/** A record may hold anything; what goes into a message is kept short and plain. */
export function printable(kid: unknown): string {
  return typeof kid === 'string' && /^[\w-]{1,64}$/.test(kid) ? kid : '(unreadable kid)'
}

function checkPublicPart(record: KeyRecord, entry: KeyPurposeEntry): void {
  const { publicJwk } = record
  if (entry.family === 'symmetric') {
    if (publicJwk !== null) throw refused(record, 'a symmetric key has no public part')
    return
  }
  if (publicJwk === null) throw refused(record, 'its public part is missing')
  if (publicJwk.alg !== record.alg) throw refused(record, 'its public part has another algorithm')
  if (publicJwk.kid !== record.kid) throw refused(record, 'its public part has another kid')
  // RFC 7638: the id is the key, so a public part that was swapped gives itself away.
  if (thumbprintOf(record) !== record.kid && !isImported(record))
    throw refused(record, 'its kid is not its thumbprint')
}

function thumbprintOf(record: KeyRecord): string {
  try {
    return jwkThumbprint(parsePublicJwk(record.publicJwk))
  } catch (cause) {
    throw refused(record, 'its public part is no public key', { cause })
  }
}

function refused(record: KeyRecord, state: string, options?: ErrorOptions): KeyringError {
  return new KeyringError('keyring/record', `Cannot use the key ${printable(record.kid)}: ${state}`, options)
}
