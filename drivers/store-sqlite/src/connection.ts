import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'

/** A row as SQLite gives it. */
export type SqlRow = Readonly<Record<string, SQLOutputValue>>

/** One connection; each text of SQL is prepared once. */
export interface Connection {
  get(sql: string, ...values: SQLInputValue[]): SqlRow | undefined
  all(sql: string, ...values: SQLInputValue[]): readonly SqlRow[]
  /** Answers how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number
  /** Adds a row; a table is always given the same columns in the same order. */
  insert(table: string, row: Readonly<Record<string, SQLInputValue>>): void
}

export function createConnection(database: DatabaseSync): Connection {
  const statements = new Map<string, StatementSync>()
  const inserts = new Map<string, StatementSync>()

  function prepared(sql: string): StatementSync {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  function preparedInsert(table: string, columns: readonly string[]): StatementSync {
    const known = inserts.get(table)
    if (known !== undefined) return known
    const places = columns.map(() => '?')
    const statement = database.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    )
    inserts.set(table, statement)
    return statement
  }

  return {
    get: (sql, ...values) => prepared(sql).get(...values),
    all: (sql, ...values) => prepared(sql).all(...values),
    run: (sql, ...values) => Number(prepared(sql).run(...values).changes),
    insert(table, row) {
      preparedInsert(table, Object.keys(row)).run(...Object.values(row))
    },
  }
}
