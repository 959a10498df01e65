import { type ClientSecret, isValidSecret } from '@jotwarden/authority'
import { formatMoment } from '../output/moment.ts'

/** What programs are told of a secret; never its hash. */
export function secretJson({ id, origin, createdAt, endsAt, usedAt }: ClientSecret): Record<string, unknown> {
  return { id, origin, created_at: createdAt, ends_at: endsAt, used_at: usedAt }
}

/** The headings over `secretCells`. */
export const SECRET_HEADINGS: readonly string[] = ['id', 'origin', 'created', 'last used', 'ends']

/** What people see of a secret, cell by cell. */
export function secretCells(secret: ClientSecret, now: number): readonly string[] {
  const { id, origin, createdAt, endsAt, usedAt } = secret
  const end = endsAt === null ? '–' : formatMoment(endsAt)
  return [
    id,
    origin,
    formatMoment(createdAt),
    usedAt === null ? 'never' : formatMoment(usedAt),
    isValidSecret(secret, now) ? end : `ended ${end}`,
  ]
}

/** How the secrets of a client stand, in a cell. */
export function secretsSummary(secrets: readonly ClientSecret[], now: number): string {
  const valid = secrets.filter((secret) => isValidSecret(secret, now))
  if (secrets.length === 0) return '–'
  const ends = valid.flatMap(({ endsAt }) => (endsAt === null ? [] : [endsAt]))
  return ends.length === 0
    ? String(valid.length)
    : `${valid.length}, one ends ${formatMoment(Math.min(...ends))}`
}
