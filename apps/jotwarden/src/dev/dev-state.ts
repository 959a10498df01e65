import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { resolve } from 'node:path'
import type { Configuration } from '../config/configuration.ts'
import { useConfiguration } from '../config/use.ts'
import type { Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'

/** Where the parts of a development setup answer. */
export interface DevelopmentUrls {
  readonly issuer: string
  /** HOST:PORT of the issuer. */
  readonly listen: string
  readonly webApp: string
  readonly api: string
}

/** The folder of the development state: JOTWARDEN_STATE, else ./.jotwarden. */
export function developmentFolder(terminal: Terminal): string {
  const named = terminal.environment.JOTWARDEN_STATE
  return resolve(terminal.folder, named === undefined || named === '' ? '.jotwarden' : named)
}

/**
 * Makes the folder (mode 0700) with a key-encryption key (mode 0600) and a configuration for these addresses, so that
 * every other command finds the same state with --dev. Throws `Refusal` when the folder is another user's.
 */
export async function prepareDevelopmentState(
  terminal: Terminal,
  urls: DevelopmentUrls,
): Promise<Configuration> {
  const folder = developmentFolder(terminal)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  refuseForeignFolder(folder)
  chmodSync(folder, 0o700)
  const { openKekFile } = await import('@jotwarden/keystore-file')
  openKekFile(resolve(folder, 'development.kek'), { create: true, requireMode: true })
  const file = resolve(folder, 'jotwarden.toml')
  replaceFile(file, configurationText(urls))
  return developmentConfiguration(terminal)
}

/** The configuration of the development state, as its last start wrote it. Throws `Refusal` when there was none. */
export function developmentConfiguration(terminal: Terminal): Configuration {
  const file = resolve(developmentFolder(terminal), 'jotwarden.toml')
  if (!existsSync(file)) {
    throw new Refusal('refused', `Cannot find a development state: ${file} does not exist`, {
      remedy: 'Start `jotwarden serve --dev` in this folder first',
    })
  }
  // Variables are for the real configuration; here they would only surprise.
  return useConfiguration({ ...terminal, environment: {} }, file)
}

/** Who owns the folder can put links and files of his own into it. Where there are no user ids, nothing is known. */
function refuseForeignFolder(folder: string): void {
  const user = process.getuid?.()
  if (user === undefined || [lstatSync(folder), statSync(folder)].every(({ uid }) => uid === user)) return
  throw new Refusal('refused', `Cannot keep a development state in ${folder}: it belongs to another user`, {
    remedy: 'Start in a folder of your own, or name one in JOTWARDEN_STATE',
  })
}

/** Whole or not at all: another command may be reading it. A draft of its own follows no link and takes no other's place. */
function replaceFile(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}.draft`
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

function configurationText({ issuer, listen, api }: DevelopmentUrls): string {
  return `# Written by \`jotwarden serve --dev\` at each start. For development on this machine only.
issuer = ${JSON.stringify(issuer)}

[server]
listen = ${JSON.stringify(listen)}

[store]
path = "data/jotwarden.db"

[keys]
kek_file = "development.kek"
owner = "whoever runs serve --dev"
rotation_period = "30d"

[log]
format = "text"

[[resources]]
identifier = ${JSON.stringify(api)}
name = "Sample orders API"
scopes = { "orders:read" = "See your orders" }
`
}
