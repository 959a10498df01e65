import type { SQLInputValue } from 'node:sqlite'
import type { EndCause, Session } from '@jotwarden/authority'
import { bytes, list, number, numberOrNull, text, textOrNull } from './columns.ts'
import type { SqlRow } from './connection.ts'

export function sessionFrom(row: SqlRow): Session {
  return {
    id: text(row, 'id'),
    login: textOrNull(row, 'login'),
    client: text(row, 'client'),
    subject: text(row, 'subject'),
    scope: list(row, 'scope'),
    resources: list(row, 'resources'),
    confirmation: textOrNull(row, 'confirmation'),
    authTime: numberOrNull(row, 'auth_time'),
    acr: textOrNull(row, 'acr'),
    amr: list(row, 'amr'),
    rev: number(row, 'rev'),
    device: textOrNull(row, 'device'),
    seed: bytes(row, 'seed'),
    generation: number(row, 'generation'),
    rotatedAt: numberOrNull(row, 'rotated_at'),
    macKid: text(row, 'mac_kid'),
    network: textOrNull(row, 'network'),
    gracedGeneration: numberOrNull(row, 'graced_generation'),
    gracedInRow: number(row, 'graced_in_row'),
    statusIndex: numberOrNull(row, 'status_index'),
    createdAt: number(row, 'created_at'),
    idleExpiresAt: number(row, 'idle_expires_at'),
    absoluteExpiresAt: number(row, 'absolute_expires_at'),
    endedAt: numberOrNull(row, 'ended_at'),
    endCause: textOrNull(row, 'end_cause') as EndCause | null,
  }
}

export function rowOfSession(issuer: string, session: Session): Readonly<Record<string, SQLInputValue>> {
  return {
    issuer,
    id: session.id,
    login: session.login,
    client: session.client,
    subject: session.subject,
    scope: JSON.stringify(session.scope),
    resources: JSON.stringify(session.resources),
    confirmation: session.confirmation,
    auth_time: session.authTime,
    acr: session.acr,
    amr: JSON.stringify(session.amr),
    rev: session.rev,
    device: session.device,
    seed: session.seed,
    generation: session.generation,
    rotated_at: session.rotatedAt,
    mac_kid: session.macKid,
    network: session.network,
    graced_generation: session.gracedGeneration,
    graced_in_row: session.gracedInRow,
    status_index: session.statusIndex,
    created_at: session.createdAt,
    idle_expires_at: session.idleExpiresAt,
    absolute_expires_at: session.absoluteExpiresAt,
    ended_at: session.endedAt,
    end_cause: session.endCause,
  }
}
