import type { Client } from '@jotwarden/authority'
import { Secret } from '@jotwarden/token'
import type { OpenedAuthority } from '../state/open-authority.ts'
import { systemClock } from '../state/system.ts'
import { developmentAccount, developmentClients } from './dev-identities.ts'

/**
 * Adds the development account and clients that are missing. A client whose redirect URIs moved with the ports is
 * replaced; an account or client that a person changed stays as it is.
 */
export async function seedDevelopment(opened: OpenedAuthority, webApp: string): Promise<void> {
  const { issuer } = opened.authority.settings
  const now = systemClock.now()
  for (const { client } of developmentClients(webApp, now)) await seedClient(opened, issuer, client, now)
  const known = await opened.stores.accounts.findByUsername(issuer, developmentAccount.username)
  if (known !== undefined) return
  const { username, name, email, password } = developmentAccount
  await opened.accounts.add({ username, name, email, password: Secret.fromText(password) })
}

async function seedClient(
  opened: OpenedAuthority,
  issuer: string,
  client: Client,
  now: number,
): Promise<void> {
  const { clients } = opened.stores
  const known = await clients.find(issuer, client.id)
  if (known !== undefined && sameUris(known, client)) return
  if (known !== undefined)
    await clients.remove(issuer, client.id, now, () => [
      { type: 'client-removed', at: now, client: client.id },
    ])
  await clients.add(issuer, client, [{ type: 'client-added', at: now, client: client.id }])
}

function sameUris(a: Client, b: Client): boolean {
  return a.redirectUris.join(' ') === b.redirectUris.join(' ')
}
