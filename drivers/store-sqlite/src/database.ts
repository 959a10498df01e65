import type { DatabaseSync } from 'node:sqlite'
import { type Connection, createConnection } from './connection.ts'
import { StoreError } from './errors.ts'
import { createGroupCommit, type GroupLimits } from './group-commit.ts'
import { storeError } from './sqlite-error.ts'

/** The two connections of one open file. */
export interface Database {
  /** Runs the act on the writing connection; answers when it is durable. */
  act<Answer>(work: (connection: Connection) => Answer): Promise<Answer>
  /** Runs the read on a connection of its own, which sees what is committed and nothing else. */
  read<Answer>(work: (connection: Connection) => Answer): Promise<Answer>
  /** Changes with every commit, of this process or another. */
  dataVersion(): number
  close(): Promise<void>
}

export function createDatabase(writer: DatabaseSync, reader: DatabaseSync, limits: GroupLimits): Database {
  const acts = createGroupCommit(writer, limits)
  const writing = createConnection(writer)
  const reading = createConnection(reader)
  let closing: Promise<void> | undefined

  function refuseClosed(): void {
    if (closing !== undefined) throw new StoreError('store/closed', 'Cannot use the store: it is closed')
  }

  async function letGo(): Promise<void> {
    await acts.drained()
    // The last connection to close moves the log into the file, which a reader may not.
    reader.close()
    writer.close()
  }

  return {
    async act(work) {
      refuseClosed()
      return acts.act(() => work(writing))
    },
    async read(work) {
      refuseClosed()
      try {
        return work(reading)
      } catch (error) {
        throw storeError(error, 'Cannot read')
      }
    },
    dataVersion() {
      refuseClosed()
      return Number(reading.get('PRAGMA data_version')?.data_version)
    },
    close() {
      closing ??= letGo()
      return closing
    },
  }
}
