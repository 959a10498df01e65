import { type Client, type ClientSecret, isValidSecret } from '@jotwarden/authority'
import { formatMoment } from '../output/moment.ts'
import type { Diagnosis } from './diagnosis.ts'

/** Whether a secret is about to end while it is used, should be replaced for its age, or was brought along. */
export function secretDiagnoses(clients: readonly Client[], now: number): readonly Diagnosis[] {
  return clients.flatMap((client) => {
    const valid = client.secrets.filter((secret) => isValidSecret(secret, now))
    return valid.flatMap((secret) => [
      ...endingInUse(client, secret, now),
      ...old(client, secret, now),
      ...imported(client, secret),
    ])
  })
}

function endingInUse({ id }: Client, { id: secret, endsAt, usedAt }: ClientSecret, now: number) {
  if (endsAt === null || endsAt - now > SOON || usedAt === null || now - usedAt > RECENT) return []
  return [
    warning(
      id,
      `is shown the secret ${secret}, last about ${formatMoment(usedAt)}, which ends ${formatMoment(endsAt)}: whoever shows it then is refused`,
      'Find the instances that still have the old secret, and give them the new one',
    ),
  ]
}

function old({ id }: Client, { id: secret, createdAt, endsAt }: ClientSecret, now: number) {
  if (endsAt !== null || now - createdAt <= LONGEST_AGE) return []
  return [
    warning(
      id,
      `has the secret ${secret}, which was made ${Math.floor((now - createdAt) / 86_400)} days ago`,
      `Run \`jotwarden clients secrets rotate ${id}\``,
    ),
  ]
}

function imported({ id }: Client, { id: secret, origin, endsAt }: ClientSecret): readonly Diagnosis[] {
  if (origin === 'made' || endsAt !== null) return []
  const remedy = `Run \`jotwarden clients secrets rotate ${id}\``
  if (origin === 'imported-weak')
    return [
      warning(
        id,
        `has the secret ${secret}, which was imported and is weak: who reads the store can find it by guessing`,
        remedy,
      ),
    ]
  const problem = `has the secret ${secret}, which was imported: the former issuer and the file may still hold it`
  return [{ severity: 'note', subject: `client ${id}`, problem, remedy }]
}

function warning(client: string, problem: string, remedy: string): Diagnosis {
  return { severity: 'warning', subject: `client ${client}`, problem, remedy }
}

/** Seconds: a day ahead, and a day back with the hour by which a use may be noted late. */
const SOON = 86_400
const RECENT = 86_400 + 3600
const LONGEST_AGE = 365 * 86_400
