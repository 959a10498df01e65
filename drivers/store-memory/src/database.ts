import { StoreError } from './errors.ts'
import { createRows, type Rows } from './rows.ts'
import type { Undo } from './table.ts'

/** Runs acts and reads, each over one issuer's rows alone. What they answer is a copy. */
export interface Database {
  /** Runs the act in one synchronous section; when it throws, takes back all that it wrote. */
  act<Answer>(issuer: string, work: (rows: Rows) => Answer): Promise<Answer>
  read<Answer>(issuer: string, work: (rows: Rows) => Answer): Promise<Answer>
  /** Moves with every act that was done. */
  version(): number
  /** Rejects once closed. */
  ping(): Promise<void>
  close(): Promise<void>
}

export function createDatabase(): Database {
  const journal: Undo[] = []
  const issuers = new Map<string, Rows>()
  let closed = false
  let version = 0

  function rowsOf(issuer: string): Rows {
    refuseClosed()
    const known = issuers.get(issuer)
    if (known !== undefined) return known
    const rows = createRows(journal)
    issuers.set(issuer, rows)
    return rows
  }

  function refuseClosed(): void {
    if (closed) throw new StoreError('store/closed', 'Cannot use the store: it is closed')
  }

  return {
    async act(issuer, work) {
      const rows = rowsOf(issuer)
      try {
        const answer = structuredClone(work(rows))
        version += 1
        return answer
      } catch (error) {
        for (const undo of journal.toReversed()) undo()
        throw error
      } finally {
        journal.length = 0
      }
    },
    async read(issuer, work) {
      return structuredClone(work(rowsOf(issuer)))
    },
    version() {
      refuseClosed()
      return version
    },
    async ping() {
      refuseClosed()
    },
    async close() {
      closed = true
      issuers.clear()
    },
  }
}
