import type { ClientSecret } from '@jotwarden/authority'
import { text } from './columns.ts'
import type { Connection, SqlRow } from './connection.ts'
import { StoreError } from './errors.ts'

/** A client's secrets, kept as JSON in its row: they are read with it at every request, and there are two at most. */
export function secretsFrom(row: SqlRow): readonly ClientSecret[] {
  const value: unknown = JSON.parse(text(row, 'secrets'))
  if (!Array.isArray(value) || !value.every(isSecret))
    throw new StoreError('store/failed', 'Cannot read the row: its column secrets is damaged')
  return Object.freeze(value.map((secret) => Object.freeze(secret)))
}

export function textOfSecrets(secrets: readonly ClientSecret[]): string {
  return JSON.stringify(
    secrets.map(({ id, hash, origin, createdAt, endsAt, usedAt }) => ({
      id,
      hash,
      origin,
      createdAt,
      endsAt,
      usedAt,
    })),
  )
}

export function writeSecrets(
  connection: Connection,
  issuer: string,
  client: string,
  secrets: readonly ClientSecret[],
): void {
  connection.run(WRITE, textOfSecrets(secrets), issuer, client)
}

function isSecret(value: unknown): value is ClientSecret {
  if (typeof value !== 'object' || value === null) return false
  const { id, hash, origin, createdAt, endsAt, usedAt } = value as Readonly<Record<string, unknown>>
  return (
    [id, hash, origin].every((member) => typeof member === 'string') &&
    typeof createdAt === 'number' &&
    [endsAt, usedAt].every((member) => member === null || typeof member === 'number')
  )
}

const WRITE = 'UPDATE clients SET secrets = ? WHERE issuer = ? AND id = ?'
