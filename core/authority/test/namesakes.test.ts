import { randomBytes } from 'node:crypto'
import { createAccountImport, type ImportedClient, type ImportOptions } from '@jotwarden/authority'
import { Secret } from '@jotwarden/token'
import { expect, test } from 'vitest'
import { ISSUER, world } from './world.ts'

const SERVICE: ImportedClient = {
  id: '4711',
  name: 'Night run',
  type: 'confidential',
  applicationType: 'web',
  secret: Secret.fromText('Zq8vW2xN5rT0yB7mK4pL9sD3fG6hJ1cA'),
  redirectUris: [],
  postLogoutRedirectUris: [],
  grantTypes: ['client_credentials'],
  scopes: ['orders:read'],
  consent: 'ask',
  resource: null,
}
const OPTIONS: ImportOptions = { taken: 'refuse', allowWeakSecrets: false, dryRun: false }

test('clients.add() and import() refuse the subject of a person as an id: their tokens would have one sub', async () => {
  const { authority, people } = await withPeople()
  await people.add([await people.prepare({ username: 'ann', subject: '4711', password: null })])
  const { findings } = await authority.clients.import([SERVICE], OPTIONS)
  expect(findings).toMatchObject([{ index: 0, member: 'id', problem: 'is the subject of a person' }])
  await expect(
    authority.clients.add({ id: '4711', name: 'Night run', type: 'confidential', scopes: ['orders:read'] }),
  ).rejects.toMatchObject({ code: 'authority/client-invalid' })
  expect(await authority.clients.find('4711')).toBeUndefined()
})

test('createAccountImport() refuses the id of a client as a subject', async () => {
  const { people } = await withPeople()
  await expect(people.prepare({ username: 'ann', subject: 'service', password: null })).rejects.toMatchObject(
    { code: 'authority/account-invalid' },
  )
})

async function withPeople() {
  const { authority, stores } = await world()
  const people = createAccountImport({
    issuer: ISSUER,
    records: stores.accounts,
    clients: stores.clients,
    hasher: { hash: async () => 'none', verify: async () => 'mismatch', close: async () => {} },
    clock: { now: () => 1_800_000_000 },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
  })
  return { authority, people }
}
