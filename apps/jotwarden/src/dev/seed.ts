import { type Client, clientRevoked, noted, together } from '@jotwarden/authority'
import { Secret } from '@jotwarden/token'
import type { OpenedAuthority } from '../state/open-authority.ts'
import { systemClock } from '../state/system.ts'
import { developmentAccount, developmentClients } from './dev-identities.ts'
import type { DevelopmentUrls } from './dev-state.ts'

/**
 * Adds the development account and clients that are missing. A client whose addresses moved with the ports is
 * replaced; an account or client that a person changed stays as it is.
 */
export async function seedDevelopment(opened: OpenedAuthority, urls: DevelopmentUrls): Promise<void> {
  const { issuer } = opened.authority.settings
  const now = systemClock.now()
  for (const { client } of developmentClients(urls, now)) await seedClient(opened, issuer, client, now)
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
  if (known !== undefined && sameAddresses(known, client)) return
  if (known !== undefined)
    await clients.remove(issuer, client.id, now, () =>
      together(
        noted({ type: 'client-removed', at: now, client: client.id }),
        clientRevoked(client.id, 'client-removed', now),
      ),
    )
  await clients.add(issuer, client, [{ type: 'client-added', at: now, client: client.id }])
}

function sameAddresses(a: Client, b: Client): boolean {
  return addressesOf(a) === addressesOf(b)
}

function addressesOf({ redirectUris, postLogoutRedirectUris, resource }: Client): string {
  return JSON.stringify([redirectUris, postLogoutRedirectUris, resource])
}
