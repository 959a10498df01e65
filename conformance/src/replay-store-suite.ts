import { equal } from 'node:assert/strict'
import type { ReplayStore } from '@jotwarden/policy'
import { claimsOf } from './claim.ts'
import type { Runner } from './driver.ts'
import { race } from './race.ts'
import { same } from './same.ts'

/** The store under test; the suite closes what it opened. */
export interface ReplayStoreDriver {
  /** Opens an empty store; called once a test. */
  open(): Promise<OpenedReplayStore>
}

export type OpenedReplayStore = ReplayStore & { close(): Promise<void> }

/**
 * What `ReplayStore` promises. A store whose time is its own, as Redis has it, need not heed `now`: times are those of the
 * machine, and nothing here waits for one to be over.
 */
export function replayStoreSuite(
  driver: ReplayStoreDriver,
  runner: Runner,
  options: {
    /** Seconds since the epoch; 1,800,000,000 unless the store has a clock of its own. */
    readonly now?: number
    /** Leaves out what needs a time to be over. */
    readonly hasOwnClock?: boolean
  } = {},
): void {
  const claim = claimsOf<OpenedReplayStore>('ReplayStore', driver, runner)
  const { now = 1_800_000_000, hasOwnClock = false } = options

  claim(
    'remember says true for a new key and false for the same one, until its time is over',
    async (store) => {
      equal(await store.remember('one', now + 90, now), true)
      for (const later of [0, 1, 45, 89]) equal(await store.remember('one', now + 90, now + later), false)
    },
  )

  claim('remember tells keys apart by every character', async (store) => {
    for (const key of ['one', 'onE', 'one ', 'on', 'one\0', '', 'constructor', '__proto__', 'é', 'e\u0301'])
      equal(await store.remember(key, now + 90, now), true, JSON.stringify(key))
    for (const key of ['one', 'onE', '', '__proto__']) equal(await store.remember(key, now + 90, now), false)
  })

  claim('a key that comes again with another time is known all the same', async (store) => {
    equal(await store.remember('one', now + 90, now), true)
    equal(await store.remember('one', now + 10, now), false)
    equal(await store.remember('one', now + 20, now + 11), false)
    equal(await store.remember('one', now + 300, now), false)
    equal(await store.remember('one', now + 300, now + 89), false)
  })

  claim('of 100 racing calls with one key exactly one is answered true', async (store) => {
    const answers = await race(100, async () => store.remember('one', now + 90, now))
    equal(answers.filter((answer) => answer === true).length, 1)
    equal(answers.filter((answer) => answer === false).length, 99)
  })

  claim('of 100 racing calls with ten keys ten are answered true', async (store) => {
    const answers = await race(100, async (caller) => store.remember(`key ${caller % 10}`, now + 90, now))
    equal(answers.filter((answer) => answer === true).length, 10)
  })

  claim('many other keys do not push one out before its time', async (store) => {
    await store.remember('one', now + 90, now)
    for (let count = 0; count < 20_000; count += 1) await store.remember(`other ${count}`, now + 60, now)
    equal(await store.remember('one', now + 90, now + 1), false)
  })

  if (hasOwnClock) return
  claim('a key counts as new again once its time is over, and for its new time', async (store) => {
    await store.remember('one', now + 90, now)
    same(
      [
        await store.remember('one', now + 200, now + 90),
        await store.remember('one', now + 200, now + 91),
        await store.remember('one', now + 200, now + 199),
        await store.remember('one', now + 300, now + 200),
      ],
      [true, false, false, true],
    )
  })
}
