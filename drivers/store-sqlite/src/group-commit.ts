import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from './errors.ts'
import { isBusy, storeError } from './sqlite-error.ts'

/** Runs acts on the writing connection; acts that wait at one time share one commit. */
export interface GroupCommit {
  /** Runs the act in a later turn and answers after its group's commit. An act that throws is undone alone. */
  act<Answer>(work: () => Answer): Promise<Answer>
  /** Resolves when no act waits any more. */
  drained(): Promise<void>
}

export interface GroupLimits {
  /** The most acts in one commit; bounds how long the event loop stands still. */
  readonly groupSize: number
  /** How often an act may find the file held by another process; the waits grow from 1 ms to 25 ms. */
  readonly busyAttempts: number
  readonly observer?: CommitObserver | undefined
}

/** Is told of commits, for those who count. Must be quick and must not throw. */
export interface CommitObserver {
  /** Seconds on a clock that only goes forward. */
  now(): number
  /** So many acts were committed together; the first of them waited for `seconds`. */
  committed(acts: number, seconds: number): void
}

interface WaitingAct {
  /** Does the work and gives back what to do once it is committed. */
  readonly perform: () => () => void
  readonly reject: (error: unknown) => void
  attempts: number
  /** When it came, for the observer. */
  readonly since: number
}

export function createGroupCommit(database: DatabaseSync, limits: GroupLimits): GroupCommit {
  let waiting: WaitingAct[] = []
  let busyTurns = 0
  const { observer } = limits
  const drains: (() => void)[] = []
  const statements = prepareControl(database)

  /** Acts of one turn of the event loop's I/O gather before the turn's immediates run. */
  function schedule(): void {
    if (busyTurns === 0) setImmediate(turn)
    else setTimeout(turn, Math.min(2 ** (busyTurns - 1), LONGEST_WAIT))
  }

  function turn(): void {
    if (begun()) {
      const group = waiting.splice(0, limits.groupSize)
      const isCommitted = commit(database, statements, group)
      if (isCommitted && group[0] !== undefined)
        observer?.committed(group.length, observer.now() - group[0].since)
    }
    if (waiting.length > 0) schedule()
    else for (const drain of drains.splice(0)) drain()
  }

  /** Begins a transaction, or finds the file busy or broken and lets go of the acts that cannot wait longer. */
  function begun(): boolean {
    try {
      if (database.isTransaction) statements.rollback.run()
      statements.begin.run()
      busyTurns = 0
      return true
    } catch (error) {
      const busy = isBusy(error)
      busyTurns = busy ? busyTurns + 1 : 0
      for (const act of waiting) act.attempts += 1
      const gone = waiting.filter((act) => !busy || act.attempts >= limits.busyAttempts)
      waiting = waiting.filter((act) => !gone.includes(act))
      for (const act of gone) act.reject(storeError(error, 'Cannot begin the act'))
      return false
    }
  }

  return {
    act: (work) =>
      new Promise((resolve, reject) => {
        const perform = (): (() => void) => {
          const answer = work()
          return () => resolve(answer)
        }
        waiting.push({ perform, reject, attempts: 0, since: observer?.now() ?? 0 })
        if (waiting.length === 1) schedule()
      }),
    drained: () =>
      waiting.length === 0 ? Promise.resolve() : new Promise<void>((resolve) => drains.push(resolve)),
  }
}

type Control = ReturnType<typeof prepareControl>

function prepareControl(database: DatabaseSync) {
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    savepoint: database.prepare('SAVEPOINT act'),
    release: database.prepare('RELEASE act'),
    undo: database.prepare('ROLLBACK TO act'),
  }
}

/** Runs the group in the transaction that was begun; nobody hears of an answer before the commit. Says whether there was one. */
function commit(database: DatabaseSync, control: Control, group: readonly WaitingAct[]): boolean {
  const settlements: (() => void)[] = []
  try {
    for (const act of group) settlements.push(settlement(database, control, act))
    control.commit.run()
  } catch (error) {
    rollBack(database, control)
    const failure = new StoreError('store/failed', 'Cannot commit the act: the database refused', {
      cause: error,
    })
    for (const act of group) act.reject(failure)
    return false
  }
  for (const settle of settlements) settle()
  return true
}

/** Performs one act inside a savepoint. Throws only when the whole transaction is lost. */
function settlement(database: DatabaseSync, control: Control, act: WaitingAct): () => void {
  control.savepoint.run()
  try {
    const settle = act.perform()
    control.release.run()
    return settle
  } catch (error) {
    // Some errors (a full disk, a failed write) make SQLite roll back everything by itself.
    if (!database.isTransaction) throw error
    control.undo.run()
    control.release.run()
    return () => act.reject(storeError(error, 'Cannot do the act'))
  }
}

function rollBack(database: DatabaseSync, control: Control): void {
  try {
    if (database.isTransaction) control.rollback.run()
  } catch {
    // The next group rolls back before it begins, and is refused if it cannot.
  }
}

/** Milliseconds. */
const LONGEST_WAIT = 25
