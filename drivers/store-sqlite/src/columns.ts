import type { SqlRow } from './connection.ts'
import { StoreError } from './errors.ts'

export function text(row: SqlRow, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : damaged(column)
}

export function textOrNull(row: SqlRow, column: string): string | null {
  return row[column] === null ? null : text(row, column)
}

export function number(row: SqlRow, column: string): number {
  const value = row[column]
  return typeof value === 'number' ? value : damaged(column)
}

export function numberOrNull(row: SqlRow, column: string): number | null {
  return row[column] === null ? null : number(row, column)
}

export function bytes(row: SqlRow, column: string): Uint8Array {
  const value = row[column]
  return value instanceof Uint8Array ? value : damaged(column)
}

/** A list of strings, kept as JSON. */
export function list(row: SqlRow, column: string): readonly string[] {
  const value: unknown = JSON.parse(text(row, column))
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) return damaged(column)
  return value
}

function damaged(column: string): never {
  throw new StoreError('store/failed', `Cannot read the row: its column ${column} is damaged`)
}
