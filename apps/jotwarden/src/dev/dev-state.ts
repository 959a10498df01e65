import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
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
 * every other command finds the same state with --dev.
 */
export async function prepareDevelopmentState(
  terminal: Terminal,
  urls: DevelopmentUrls,
): Promise<Configuration> {
  const folder = developmentFolder(terminal)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const { openKekFile } = await import('@jotwarden/keystore-file')
  openKekFile(resolve(folder, 'development.kek'), { create: true, requireMode: true })
  const file = resolve(folder, 'jotwarden.toml')
  // Whole or not at all: another command may be reading it.
  writeFileSync(`${file}.draft`, configurationText(urls), { mode: 0o600 })
  renameSync(`${file}.draft`, file)
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

function configurationText({ issuer, listen, api }: DevelopmentUrls): string {
  return `# Written by \`jotwarden serve --dev\` at each start. For development on this machine only.
issuer = ${JSON.stringify(issuer)}

[server]
listen = ${JSON.stringify(listen)}

[store]
path = "data/jotwarden.db"

[keys]
kek_file = "development.kek"

[log]
format = "text"

[[resources]]
identifier = ${JSON.stringify(api)}
name = "Sample orders API"
scopes = { "orders:read" = "See your orders" }
`
}
