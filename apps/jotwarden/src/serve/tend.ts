import type { Logger } from 'pino'
import { KEY_LEASE } from '../state/key-schedule.ts'
import type { OpenedAuthority } from '../state/open-authority.ts'
import { systemClock } from '../state/system.ts'
import { pruneStore } from './prune-store.ts'
import { repeat } from './repeat.ts'

/** Work beside the requests. */
export interface Tended {
  /** Runs an act while no key is being replaced; after it keys are looked after as often as the schedule then asks. */
  whileKeysRest(act: () => Promise<void>): Promise<void>
  /** Waits for what is under way. */
  stop(): Promise<void>
}

/**
 * Replaces keys by their schedule, at the start and every minute, or more often where keys are replaced within minutes.
 * Notices keys that another process changed, within a second, logs those that cannot be opened, prunes what has expired,
 * and remembers apart from the store how far its log has come. Accounts are read from the store at each request; the store itself remembers clients until its file changes.
 */
export function tend(
  opened: OpenedAuthority,
  log: Logger,
  onPruned: (rows: number) => void = () => {},
): Tended {
  const { keyring } = opened.authority
  // Nothing yet: the keys may have changed between their opening and now.
  let seen: number | undefined
  let readAt = 0
  let told: readonly string[] = []
  const notice = async () => {
    const version = opened.stores.dataVersion()
    const now = systemClock.now()
    if (version === seen && Math.abs(now - readAt) < READ_AGAIN) return
    await keyring.refresh()
    seen = version
    readAt = now
    told = tellProblems(keyring.problems, told, log)
  }
  const keys = repeat(0.25, notice, failed(log, 'cannot read the keys again'))
  const unnoted = toldOnce(failed(log, 'cannot note how far the revocation log has come'))
  const noting = repeat(1, () => opened.setBack.note().then(unnoted.over), unnoted.tell)
  const pulse = repeat(60, () => opened.setBack.pulse(), unnoted.tell)
  const replace = () =>
    repeat(
      Math.min(60, shortestPeriod(opened) / 10),
      () => replaceKeys(opened, log),
      failed(log, 'cannot look after the keys'),
      { atOnce: true },
    )
  let replacing = replace()
  const pruning = repeat(60, () => pruneStore(opened, log, onPruned), failed(log, 'cannot prune the store'))
  return {
    async whileKeysRest(act) {
      await replacing.stop()
      await act().finally(() => {
        replacing = replace()
      })
    },
    stop: async () => {
      await Promise.all([keys, replacing, noting, pulse, pruning].map((one) => one.stop()))
    },
  }
}

/** Seconds. */
function shortestPeriod({ schedule }: OpenedAuthority): number {
  return Math.min(...Object.values(schedule.plan.purposes).map(({ rotationPeriod }) => rotationPeriod))
}

async function replaceKeys({ authority }: OpenedAuthority, log: Logger): Promise<void> {
  for (const step of await authority.keyring.tend()) {
    const { act, purpose, reason } = step
    log.info({ act, purpose, reason, ...(step.act === 'make' ? {} : { kid: step.kid }) }, 'key schedule')
  }
}

/** A problem stays until somebody mends it: it is told when it is new, not at each reading. */
function tellProblems(
  problems: OpenedAuthority['authority']['keyring']['problems'],
  told: readonly string[],
  log: Logger,
): readonly string[] {
  for (const { code, message, cause } of problems) {
    if (!told.includes(message))
      log.error({ code, reason: message, cause: codeOf(cause) }, 'a key is left out')
  }
  return problems.map(({ message }) => message)
}

/** Tells a failure when it begins, not each second of it. */
function toldOnce(tell: (error: unknown) => void): { tell(error: unknown): void; over(): void } {
  let isTold = false
  return {
    tell(error) {
      if (!isTold) tell(error)
      isTold = true
    },
    over: () => {
      isTold = false
    },
  }
}

function failed(log: Logger, message: string): (error: unknown) => void {
  return (error) => {
    log.error({ code: codeOf(error), reason: error instanceof Error ? error.message : 'unknown' }, message)
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** Seconds; well within the lease. */
const READ_AGAIN = KEY_LEASE / 5
