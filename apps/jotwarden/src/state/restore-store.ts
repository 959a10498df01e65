import { existsSync, realpathSync } from 'node:fs'
import {
  checkCopy,
  compactFile,
  type FileContents,
  lookAtFile,
  restoreFile,
  StoreError,
} from '@jotwarden/store-sqlite'
import type { Configuration } from '../config/configuration.ts'
import { Refusal } from '../refusal.ts'
import { openEpochFile } from './epoch-file.ts'
import { openErasureList } from './erasure-list.ts'
import { openStores } from './open-stores.ts'
import { repeatErasures } from './repeat-erasures.ts'
import { watchForSetBack } from './set-back.ts'
import { storeRefusal } from './store-refusal.ts'
import { systemClock } from './system.ts'

/** A copy that was looked at and found whole. */
export interface CheckedCopy {
  readonly path: string
  readonly contents: FileContents
}

export interface Restored {
  /** The name of the store that was there. */
  readonly kept: string | null
  /** Keys that were withdrawn after the copy was made, and work again. */
  readonly revivedKeys: readonly string[]
  /** How many people were erased after the copy was made, and were erased from it again. */
  readonly erasedAgain: number
}

/** Looks whether the file is a whole store with something of this issuer. Throws `Refusal`. */
export function checkedCopy(path: string, issuer: string): CheckedCopy {
  const contents = attempt(() => checkCopy(path, systemClock.now()))
  const issuers = contents.issuers.map((one) => one.issuer)
  if (issuers.length === 0 || issuers.includes(issuer)) return { path, contents }
  throw new Refusal(
    'refused',
    `Cannot restore the store: the copy is of ${issuers.join(', ')}, not of ${issuer}`,
    {
      remedy: 'Name a copy of this store, or the configuration that the copy belongs to',
    },
  )
}

/**
 * Puts the copy in the place of the store and begins a new epoch in it before it is there, so that no start can serve
 * what was taken back since the copy was made. Throws `Refusal`.
 */
export async function restoreStore(
  { issuer, store, keys }: Configuration,
  { path, contents }: CheckedCopy,
): Promise<Restored> {
  const epochFile = openEpochFile(keys.epoch_file)
  epochFile.read(issuer)
  const now = () => systemClock.now()
  const issuers = [...new Set([issuer, ...contents.issuers.map((one) => one.issuer)])]
  const place = placeOf(store.path)
  const present = presentContents(place)
  const beyond = new Map(present.map((one) => [one.issuer, one.head]))
  const keepAs = `${place}.before-${new Date(now() * 1000).toISOString().replace(/[-:]|\..*/g, '')}Z`
  const erasures = openErasureList(keys.epoch_file)
  let erasedAgain = 0
  const outcome = await attempt(() =>
    restoreFile({
      from: path,
      to: place,
      keepAs,
      prepare: async (draft) => {
        await onEach(draft, issuers, async (stores, one) => {
          await watchForSetBack(one, stores.revocation, epochFile, now).begin(beyond.get(one) ?? 0)
          erasedAgain += await repeatErasures(one, stores, erasures, now())
        })
        if (erasedAgain > 0) compactFile(draft)
      },
    }),
  )
  try {
    await onEach(place, issuers, ({ revocation }, one) =>
      watchForSetBack(one, revocation, epochFile, now).note(),
    )
  } catch (error) {
    // The store is in its place: the next start writes the file, or says why it cannot
    if (!(error instanceof Refusal)) throw error
  }
  const withdrawn = (of: FileContents['issuers']) => of.flatMap(({ withdrawnKeys }) => withdrawnKeys)
  const stillWithdrawn = new Set(withdrawn(contents.issuers))
  return {
    kept: outcome === 'kept' ? keepAs : null,
    erasedAgain,
    revivedKeys: withdrawn(present).filter((kid) => !stillWithdrawn.has(kid)),
  }
}

type Opened = Awaited<ReturnType<typeof openStores>>

async function onEach(
  path: string,
  issuers: readonly string[],
  act: (stores: Opened, issuer: string) => Promise<void>,
): Promise<void> {
  const stores = await openStores(path)
  try {
    for (const issuer of issuers) await act(stores, issuer)
  } finally {
    await stores.close()
  }
}

/** Behind a link lies the store that is meant. */
function placeOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : path
}

/** What the present store holds; nothing of one that cannot be read, which is why it is replaced. */
function presentContents(path: string): FileContents['issuers'] {
  if (!existsSync(path)) return []
  try {
    return lookAtFile(path, 0).issuers
  } catch (error) {
    if (error instanceof StoreError) return []
    throw error
  }
}

function attempt<Answer>(act: () => Answer): Answer {
  try {
    const answer = act()
    return answer instanceof Promise ? (answer.catch(rethrow) as Answer) : answer
  } catch (error) {
    return rethrow(error)
  }
}

function rethrow(error: unknown): never {
  throw storeRefusal(error)
}
