import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, jotwarden, type Running, serving, temporaryFolder } from './jotwarden-process.ts'

/** A production setup on loopback: `init`, an API, a person and clients, made with the commands that people use. */
export interface Deployment {
  readonly folder: string
  readonly issuer: string
  readonly account: { readonly username: string; readonly password: string }
  /** A public client that nobody is asked about. */
  readonly app: { readonly id: string; readonly redirectUri: string }
  /** Another public client, which may use the same grants. */
  readonly other: { readonly id: string }
  readonly service: { readonly id: string; readonly secret: string }
  /** The resource server that its tokens are for, which may read the revocation feed. */
  readonly api: { readonly id: string; readonly secret: string }
  start(): Promise<Running>
}

export async function deployed(environment: Readonly<Record<string, string>> = {}): Promise<Deployment> {
  const folder = temporaryFolder()
  const issuer = `http://127.0.0.1:${await freePort()}`
  const account = { username: 'ada', password: 'correct horse battery staple' }
  const redirectUri = 'http://127.0.0.1/callback'
  const command = async (words: readonly string[], stdin = '') => {
    const { code, stdout, stderr } = await jotwarden(words, { folder, stdin })
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${stderr}`)
    return stdout
  }
  await command(['init', '--issuer', issuer, '--listen', new URL(issuer).host])
  appendFileSync(
    join(folder, 'jotwarden.toml'),
    `\n[[resources]]\nidentifier = "${RESOURCE}"\nname = "Orders"\nscopes = { "orders:read" = "See your orders" }\n`,
  )
  await command(['users', 'add', account.username, '--password-stdin'], account.password)
  for (const id of ['app', 'other']) {
    const words = ['clients', 'add', id, '--id', id, '--native', '--trusted', '--redirect-uri', redirectUri]
    await command([...words, '--scope', 'openid', 'orders:read'])
  }
  const service = await command([
    'clients',
    'add',
    'Service',
    '--id',
    'service',
    '--type',
    'confidential',
    '--grant',
    'client_credentials',
    '--scope',
    'orders:read',
    '--json',
  ])
  const api = await command(['clients', 'add', 'API', '--id', 'api', '--resource', RESOURCE, '--json'])
  return {
    folder,
    issuer,
    account,
    app: { id: 'app', redirectUri },
    other: { id: 'other' },
    service: { id: 'service', secret: JSON.parse(service).client_secret },
    api: { id: 'api', secret: JSON.parse(api).client_secret },
    start: () => serving([], { folder, environment }),
  }
}

export const RESOURCE = 'https://api.example.com'
