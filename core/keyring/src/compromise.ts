import { KeyringError } from './errors.ts'
import { addSpare, type SpareRequest } from './first-keys.ts'
import type { KeyEvent } from './key-event.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyRecords } from './key-records.ts'
import type { KeyTransition } from './key-transition.ts'
import { withoutUnopenedSpares } from './opened-keys.ts'
import { keyPurposes } from './purposes.ts'
import { mayTransition } from './states.ts'

/**
 * Withdraws a key for good: nothing that it protects is accepted any more. The spare takes its place in the same act, and
 * a new spare is made after it. A key that is compromised already is left as it is.
 * Throws `keyring/unknown-key`, `keyring/transition`, `keyring/conflict`.
 */
export async function compromiseKey(
  kid: string,
  records: KeyRecords,
  request: SpareRequest,
): Promise<'compromised' | 'already'> {
  const { issuer, now } = request
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const listed = await records.list(issuer)
    const stolen = listed.find((record) => record.kid === kid)
    if (stolen === undefined)
      throw new KeyringError('keyring/unknown-key', 'Cannot withdraw the key: no key has this id')
    if (stolen.state === 'compromised') return 'already'
    if (!mayTransition(stolen.state, 'compromised'))
      throw new KeyringError('keyring/transition', `Cannot withdraw the key: it is ${stolen.state}`)
    const isActive = stolen.state === 'active'
    const successor = isActive ? await spareFor(stolen, listed, records, request) : undefined
    if (isActive && successor === undefined) continue
    const { steps, events } = withdrawal(stolen, successor, now)
    if ((await records.transition(issuer, steps, events)) === 'conflict') continue
    const stood = isActive || stolen.state === 'pending'
    if (stood && keyPurposes[stolen.purpose].spare) await addSpare(stolen.purpose, records, request)
    return 'compromised'
  }
  throw new KeyringError('keyring/conflict', 'Cannot withdraw the key: the store keeps refusing it')
}

function withdrawal(
  stolen: KeyRecord,
  successor: KeyRecord | undefined,
  at: number,
): { readonly steps: readonly KeyTransition[]; readonly events: readonly KeyEvent[] } {
  const { kid, purpose, version } = stolen
  const withdrawn: KeyEvent = { type: 'key-state-changed', kid, purpose, at, cause: 'compromised' }
  const steps: KeyTransition[] = [{ kid, version, to: 'compromised', at }]
  if (successor === undefined) return { steps, events: [withdrawn] }
  const activated: KeyEvent = { type: 'key-activated', kid: successor.kid, purpose, at, cause: 'compromise' }
  steps.push({ kid: successor.kid, version: successor.version, to: 'active', at })
  return { steps, events: [withdrawn, activated] }
}

/** The spare that was announced first and can be opened; without any, a key that nobody has been told of yet, or what another node made by now. */
async function spareFor(
  { purpose }: KeyRecord,
  listed: readonly KeyRecord[],
  records: KeyRecords,
  request: SpareRequest,
): Promise<KeyRecord | undefined> {
  const spares = listed.filter((record) => record.purpose === purpose && record.state === 'pending')
  const usable = await withoutUnopenedSpares(spares, request.store)
  const [oldest] = usable.toSorted((a, b) => a.createdAt - b.createdAt)
  return oldest ?? addSpare(purpose, records, request)
}

const ATTEMPTS = 3
