import { join } from 'node:path'
import { createKeyring, type Keyring } from '@jotwarden/keyring'
import { createFileKeyStore, openKekFile } from '@jotwarden/keystore-file'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { type Running, serving, temporaryFolder } from './jotwarden-process.ts'

/** A development server on free ports, with the addresses and identities it printed. */
export interface Development extends Running<ReadyLine> {
  readonly folder: string
  readonly issuer: string
  readonly api: string
  readonly webApp: string
  readonly account: { readonly username: string; readonly password: string }
  secretOf(client: string): string
}

/** Starts `serve --dev` on free ports, in a folder of its own unless one is given. */
export async function developing(folder: string = temporaryFolder()): Promise<Development> {
  const running = await serving<ReadyLine>(
    ['--dev', '--port', '0', '--web-app-port', '0', '--api-port', '0'],
    {
      folder,
    },
  )
  const { issuer, api, web_app, account, clients } = running.ready
  const secretOf = (id: string) => clients.find(({ client_id }) => client_id === id)?.client_secret ?? ''
  return { ...running, folder, issuer, api, webApp: web_app, account, secretOf }
}

/** The authority's own keys, opened as whoever holds both the store and the key-encryption key could. */
export async function withKeysOf<Result>(
  { folder, issuer }: Development,
  act: (keyring: Keyring) => Promise<Result>,
): Promise<Result> {
  const stores = await openSqliteStores({ path: join(folder, '.jotwarden/data/jotwarden.db') })
  try {
    const [kek] = openKekFile(join(folder, '.jotwarden/development.kek'), {
      create: false,
      requireMode: true,
    })
    const clock = { now: () => Date.now() / 1000 }
    const keyring = createKeyring({ issuer, records: stores.keys, store: createFileKeyStore({ kek }), clock })
    await keyring.open()
    return await act(keyring)
  } finally {
    await stores.close()
  }
}

interface ReadyLine {
  readonly issuer: string
  readonly api: string
  readonly web_app: string
  readonly account: { readonly username: string; readonly password: string }
  readonly clients: readonly { readonly client_id: string; readonly client_secret: string | null }[]
}
