import { replayStoreSuite } from '@jotwarden/conformance'
import type { ReplayStore } from '@jotwarden/policy'
import { expect, test } from 'vitest'

type Remember = ReplayStore['remember']

/** A store that keeps every promise. */
function sound(): Remember {
  const until = new Map<string, number>()
  return (key, end, now) => {
    if ((until.get(key) ?? 0) > now) return false
    until.set(key, end)
    return true
  }
}

/** Stores that break one promise each, and the claim that must notice. */
const breaches: readonly (readonly [string, string, () => Remember])[] = [
  ['always says true', 'true for a new key and false for the same one', () => () => true],
  ['always says false', 'true for a new key and false for the same one', () => () => false],
  [
    'is not atomic',
    'of 100 racing calls with one key exactly one',
    () => {
      const remember = sound()
      return async (...given) => {
        const isNew = remember(...given)
        return isNew || new Promise((resolve) => setImmediate(() => resolve(true)))
      }
    },
  ],
  [
    'looks, and writes later',
    'of 100 racing calls with one key exactly one',
    () => {
      const known = new Set<string>()
      return async (key) => {
        const isNew = !known.has(key)
        await Promise.resolve()
        known.add(key)
        return isNew
      }
    },
  ],
  [
    'takes keys of other case for the same',
    'tells keys apart',
    () => {
      const remember = sound()
      return (key, ...times) => remember(key.toLowerCase(), ...times)
    },
  ],
  [
    'keeps keys as members of an object',
    'tells keys apart',
    () => {
      const known: Record<string, true> = {}
      return (key) => {
        if (key in known) return false
        known[key] = true
        return true
      }
    },
  ],
  [
    'counts the time as part of the key',
    'with another time is known all the same',
    () => {
      const remember = sound()
      return (key, until, now) => remember(`${key} ${until}`, until, now)
    },
  ],
  [
    'lets a later call shorten the time',
    'with another time is known all the same',
    () => {
      const until = new Map<string, number>()
      return (key, end, now) => {
        const isNew = (until.get(key) ?? 0) <= now
        until.set(key, end)
        return isNew
      }
    },
  ],
  [
    'forgets the oldest when there are many',
    'do not push one out',
    () => {
      const known = new Set<string>()
      return (key) => {
        if (known.has(key)) return false
        known.add(key)
        for (const oldest of known) if (known.size > 10_000) known.delete(oldest)
        return true
      }
    },
  ],
  [
    'never forgets',
    'counts as new again once its time is over',
    () => {
      const known = new Set<string>()
      return (key) => !known.has(key) && known.add(key).has(key)
    },
  ],
]

test('the suite finds nothing to say against a store that keeps every promise', async () => {
  expect(await broken(sound)).toEqual([])
})

test.for(breaches)('the suite notices a store that %s', async ([, claim, open]) => {
  expect((await broken(open)).filter((name) => name.includes(claim))).toHaveLength(1)
})

/** The names of the claims that do not hold for the store. */
async function broken(open: () => Remember): Promise<readonly string[]> {
  const tests: { readonly name: string; readonly run: () => Promise<void> }[] = []
  const driver = { open: async () => ({ remember: open(), close: async () => undefined }) }
  replayStoreSuite(driver, { test: (name, run) => tests.push({ name, run }) })
  const failed: string[] = []
  for (const { name, run } of tests) await run().catch(() => failed.push(name))
  return failed
}
