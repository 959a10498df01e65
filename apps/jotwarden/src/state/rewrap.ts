import { type KeyRecord, type KeyRecords, rewrapKeys } from '@jotwarden/keyring'
import { changeKekFile, createFileKeyStore, type Keks } from '@jotwarden/keystore-file'
import { kekIdOf } from './kek-id.ts'

/** What is wrapped anew: the keys of every issuer that the store knows, since they share the key-encryption key. */
export interface RewrapRequest {
  readonly records: KeyRecords
  readonly issuers: readonly string[]
  readonly now: () => number
  /** Told after each step; the act can be ended after any of them and begun again. */
  readonly onStep: (step: RewrapStep) => void
}

/** What has been done. `begun` says which key wraps from now on. */
export type RewrapStep =
  | { readonly step: 'begun'; readonly kek: string; readonly isResumed: boolean }
  | { readonly step: 'rewrapped'; readonly count: number }
  | { readonly step: 'dropped'; readonly keks: readonly string[]; readonly kept: readonly string[] }

/** What came of it. */
export interface RewrapOutcome {
  /** The key that wraps now. */
  readonly kek: string
  /** Whether it finished what had been begun before. */
  readonly isResumed: boolean
  readonly rewrapped: number
  /** Keys that cannot be opened; what they are wrapped under is still in its place. */
  readonly closed: readonly KeyRecord[]
  /** The keys that open nothing any more. */
  readonly dropped: readonly string[]
  /** Files to which those were put. */
  readonly kept: readonly string[]
}

/**
 * Makes a new key-encryption key in the file, wraps everything under it, and takes the old one out. When it was ended
 * halfway before, finishes that with the key that was made then.
 *
 * No key is lost on the way: a server that wrapped a new key under the old one before it read the file again adds it either
 * before everything is wrapped anew, and then it is wrapped with the rest, or not at all, since the records have changed
 * (`KeyRecords.add`).
 */
export async function rewrapUnderNewKek(
  path: string,
  keep: boolean,
  request: RewrapRequest,
): Promise<RewrapOutcome> {
  return changeKekFile(path, async (file) => {
    const present = file.keks()
    const isResumed = present.length > 1
    const keks = isResumed ? present : file.addFirst()
    const { kek, rewrapped, closed } = await rewrapAll(keks, isResumed, request)
    if (needsOthers(closed, keks)) return { kek, isResumed, rewrapped, closed, dropped: [], kept: [] }
    const kept = file.dropOthers(keep)
    const dropped = keks.slice(1).map(({ id }) => id)
    request.onStep({ step: 'dropped', keks: dropped, kept })
    return { kek, isResumed, rewrapped, closed, dropped, kept }
  })
}

/** Wraps everything under the first of the keys, which others have put in place. */
export async function rewrapUnderFirst(keks: Keks, request: RewrapRequest): Promise<RewrapOutcome> {
  const { kek, rewrapped, closed } = await rewrapAll(keks, true, request)
  const dropped = needsOthers(closed, keks) ? [] : keks.slice(1).map(({ id }) => id)
  return { kek, isResumed: false, rewrapped, closed, dropped, kept: [] }
}

async function rewrapAll(
  keks: Keks,
  isResumed: boolean,
  { records, issuers, now, onStep }: RewrapRequest,
): Promise<Pick<RewrapOutcome, 'kek' | 'rewrapped' | 'closed'>> {
  const [kek, ...olderKeks] = keks
  const store = createFileKeyStore({ kek, olderKeks })
  onStep({ step: 'begun', kek: kek.id, isResumed })
  const all = []
  for (const issuer of issuers) {
    const request = { issuer, at: now(), cause: `kek-${kek.id}` }
    all.push(await rewrapKeys(records, { ...request, rewrap: (record) => store.rewrap(record) }))
  }
  const rewrapped = all.flatMap((one) => one.rewrapped).length
  onStep({ step: 'rewrapped', count: rewrapped })
  return { kek: kek.id, rewrapped, closed: all.flatMap((one) => one.closed) }
}

function needsOthers(closed: readonly KeyRecord[], [, ...others]: Keks): boolean {
  const needed = new Set(closed.map(kekIdOf))
  return others.some(({ id }) => needed.has(id))
}
