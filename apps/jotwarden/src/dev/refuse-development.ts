import { Secret } from '@jotwarden/token'
import { Refusal } from '../refusal.ts'
import type { OpenedAuthority } from '../state/open-authority.ts'
import { developmentAccount, developmentClients } from './dev-identities.ts'

/** Keeps a store with publicly known secrets out of production. Throws `Refusal` naming what must go. */
export async function refuseDevelopmentIdentities(opened: OpenedAuthority): Promise<void> {
  const seeded = developmentClients({ webApp: '', api: '' }, 0).map(({ client }) => client)
  const found: string[] = []
  for (const client of await opened.authority.clients.list()) {
    const isSeeded = seeded.some(
      ({ id, name, secrets }) =>
        (client.id === id && client.name === name) ||
        secrets.some(({ hash }) => client.secrets.some((held) => held.hash === hash)),
    )
    if (isSeeded) found.push(`the client ${client.id}`)
  }
  if (await acceptsDevelopmentPassword(opened)) found.push(`the account ${developmentAccount.username}`)
  if (found.length === 0) return
  throw new Refusal(
    'refused',
    `Cannot start: the store holds ${found.join(', ')} of development mode, whose secrets everybody knows`,
    {
      remedy:
        'Use a store of its own for production, or remove them with `jotwarden clients remove` and `jotwarden users remove`',
    },
  )
}

async function acceptsDevelopmentPassword(opened: OpenedAuthority): Promise<boolean> {
  const { username, password } = developmentAccount
  const issuer = opened.authority.settings.issuer
  if ((await opened.stores.accounts.findByUsername(issuer, username)) === undefined) return false
  const { verdict } = await opened.accounts.verifyPassword(username, Secret.fromText(password))
  return verdict === 'accepted'
}
