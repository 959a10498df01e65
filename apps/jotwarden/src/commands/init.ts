import { existsSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { formatAddress, parseAddress } from '../config/address.ts'
import { ISSUER_RULE, issuerFault, loopbackAuthority } from '../config/issuer.ts'
import { isKeyOwner } from '../config/key-owner.ts'
import { configurationTemplate, type TemplateValues } from '../config/template.ts'
import { shellWord } from '../output/shell-word.ts'
import { canAsk, print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import { withConfig } from './shared-options.ts'

interface InitOptions {
  readonly config?: string
  readonly json?: boolean
  readonly issuer?: string
  readonly listen?: string
  readonly kekFile?: string
  readonly owner?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly trustedProxy?: readonly string[]
}

/** `jotwarden init`. */
export function initCommand(terminal: Terminal): Command {
  return withConfig(new Command('init'))
    .description('write a commented jotwarden.toml and a key-encryption key; overwrites nothing')
    .option('--issuer <url>', 'the address under which clients will reach this server')
    .option(
      '--listen <host:port>',
      'where to listen (default: the address of an http issuer, else 127.0.0.1:8420)',
    )
    .option(
      '--kek-file <file>',
      'where to put the key-encryption key (default: jotwarden.kek beside the configuration)',
    )
    .option('--owner <name>', 'who answers for the keys (default: the user who runs this)')
    .option('--tls-cert <file>', 'end TLS here with this certificate chain')
    .option('--tls-key <file>', 'and this private key')
    .option('--trusted-proxy <address...>', 'a proxy before this server that ends TLS (default: 127.0.0.1)')
    .addHelpText('after', HELP)
    .action((options: InitOptions) => init(terminal, options))
}

async function init(terminal: Terminal, options: InitOptions): Promise<void> {
  const file = resolve(
    terminal.folder,
    options.config ?? terminal.environment.JOTWARDEN_CONFIG ?? 'jotwarden.toml',
  )
  const kekFile = resolve(terminal.folder, options.kekFile ?? resolve(dirname(file), 'jotwarden.kek'))
  for (const path of [file, kekFile]) refuseExisting(path)
  const issuer = options.issuer ?? (await askIssuer(terminal))
  checkIssuer(issuer)
  const values = templateValues(options, issuer, relative(dirname(file), kekFile))
  if (!isKeyOwner(values.keyOwner)) {
    throw new Refusal('misuse', 'Cannot use --owner: it is not a line of 1 to 100 characters')
  }
  const { openKekFile } = await import('@jotwarden/keystore-file')
  openKekFile(kekFile, { create: true, requireMode: true })
  writeFileSync(file, configurationTemplate(values), { flag: 'wx', mode: 0o644 })
  if (options.json === true) print(terminal, JSON.stringify({ file, kek_file: kekFile, issuer }))
  else print(terminal, nextSteps(file, kekFile, options.config))
}

function templateValues(options: InitOptions, issuer: string, kekFile: string): TemplateValues {
  const listen = options.listen ?? defaultListen(issuer, options.trustedProxy)
  if (parseAddress(listen) === undefined) {
    throw new Refusal('misuse', 'Cannot use --listen: it is not HOST:PORT', {
      remedy: 'Write --listen 127.0.0.1:8420',
    })
  }
  const { tlsCert: cert, tlsKey: key } = options
  if ((cert === undefined) !== (key === undefined)) {
    throw new Refusal('misuse', 'Cannot end TLS: --tls-cert and --tls-key go together')
  }
  const tls = cert === undefined || key === undefined ? undefined : { cert: resolve(cert), key: resolve(key) }
  const behindProxy = tls === undefined && issuer.startsWith('https:')
  const trustedProxies = options.trustedProxy ?? (behindProxy ? ['127.0.0.1'] : [])
  return { issuer, listen, kekFile, keyOwner: options.owner ?? userName(), tls, trustedProxies }
}

/** Who makes the key-encryption key holds it, and answers for it until somebody else is named. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    throw new Refusal('misuse', 'Cannot write the key plan: --owner is missing, and this user has no name', {
      remedy: 'Write --owner ann@example.com, who answers for the keys',
    })
  }
}

/** Behind an https issuer stands a proxy or TLS, whose port says nothing of ours. */
function defaultListen(issuer: string, proxies: InitOptions['trustedProxy']): string {
  const address = proxies === undefined ? loopbackAuthority(issuer) : undefined
  return address === undefined ? '127.0.0.1:8420' : formatAddress(address)
}

async function askIssuer(terminal: Terminal): Promise<string> {
  if (!canAsk(terminal)) {
    throw new Refusal(
      'misuse',
      'Cannot write the configuration: --issuer is missing, and there is no terminal to ask at',
      {
        remedy: 'Run jotwarden init --issuer https://auth.example.com',
      },
    )
  }
  const { askText } = await import('../output/ask.ts')
  return askText(terminal, {
    message: 'Under which address will clients reach this server?',
    placeholder: 'https://auth.example.com',
    wrong: (text) => (issuerFault(text) === undefined ? undefined : ISSUER_RULE),
  })
}

function checkIssuer(issuer: string): void {
  const fault = issuerFault(issuer)
  if (fault === undefined) return
  throw new Refusal('misuse', `Cannot use --issuer: it ${fault}`, { remedy: ISSUER_RULE })
}

function refuseExisting(path: string): void {
  if (!existsSync(path)) return
  throw new Refusal('refused', `Cannot write ${path}: it is there already, and nothing is overwritten`, {
    remedy: 'Name other files with --config and --kek-file, or move it away',
  })
}

function nextSteps(file: string, kekFile: string, config: string | undefined): string {
  const named = config === undefined ? '' : ` --config ${shellWord(config)}`
  return `Wrote ${file}
Wrote ${kekFile} (mode 0600)
Back up the key file apart from the data: without it the keys in the store are lost.

Next:
  npx jotwarden config check${named}
  npx jotwarden users add ann --name "Ann Example"${named}
  npx jotwarden clients add "Orders web" --type confidential --redirect-uri https://orders.example.com/callback --scope openid${named}
  npx jotwarden serve${named}
  npx jotwarden doctor${named}

APIs of your own and their scopes stand under [[resources]] in ${file}.`
}

const HELP = `
Examples:
  jotwarden init
  jotwarden init --issuer https://auth.example.com
  jotwarden init --issuer https://auth.example.com --kek-file /etc/jotwarden/jotwarden.kek --config /etc/jotwarden/jotwarden.toml
  jotwarden init --issuer https://auth.example.com --listen 0.0.0.0:8420 --trusted-proxy 10.0.0.0/8`
