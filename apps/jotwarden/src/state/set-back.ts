import { issuerRevoked, noted, type RevocationLog, together } from '@jotwarden/authority'
import { accessKind, epochOf } from '@jotwarden/policy'
import type { EpochFile } from './epoch-file.ts'

/** Watches that a store only goes forward. */
export interface SetBackWatch {
  /**
   * Compares the store with what was known of it. One that is behind is a copy of an earlier state, and what was taken
   * back since then is not in it: a new epoch begins, and everything issued until now is refused. `first` is done before it
   * begins: who is killed in between finds the store behind again.
   */
  check(first?: () => Promise<void>): Promise<'as-known' | 'set-back'>
  /**
   * Begins a new epoch, whether the store is behind or not: what was issued until now is refused. Its number is beyond
   * that of `beyond` as well, a number that the log had given before.
   */
  begin(beyond: number): Promise<void>
  /** Remembers how far the log has come. */
  note(): Promise<void>
  /** Moves the store on, so that a copy of this moment is behind from now on, and remembers that. */
  pulse(): Promise<void>
}

export function watchForSetBack(
  issuer: string,
  log: RevocationLog,
  file: EpochFile,
  now: () => number,
): SetBackWatch {
  const begin = async (beyond: number) => {
    const head = await log.head(issuer)
    const known = file.read(issuer) ?? head
    const at = now()
    const epoch = Math.max(...[head.number, known.number, beyond].map(epochOf)) + 1
    const latestExp = at + accessKind.longestLifetime + LONGEST_SKEW
    const recording = together(
      noted({ type: 'log-set-back', at, cause: `epoch-${epoch}` }),
      issuerRevoked(issuer, 'set-back', at),
    )
    // With the pulse: a store that is behind by it alone would be found behind again at the next start
    await log.beginEpoch(issuer, { epoch, latestExp, pulse: known.pulse }, recording)
  }
  return {
    async check(first) {
      // The file first: another process may move the store on in between, and never the other way round
      const known = file.read(issuer)
      const head = await log.head(issuer)
      const isBehind = known !== undefined && (head.number < known.number || head.pulse < known.pulse)
      if (!isBehind) return 'as-known'
      await first?.()
      await begin(0)
      return 'set-back'
    },
    begin,
    note: async () => file.write(issuer, await log.head(issuer)),
    pulse: async () => file.write(issuer, await log.pulse(issuer)),
  }
}

/** Seconds by which the clocks of nodes may differ. */
const LONGEST_SKEW = 60

/** What is said when an earlier copy of the data was put back. */
export const SET_BACK =
  'the store is an earlier copy of itself; what was revoked since is not in it, so that everybody has to sign in again. Disabled accounts, passwords, removed clients and withdrawn keys are as they were then: repeat what was done since'
