import type { Client, GrantType, NewClient } from '@jotwarden/authority'
import type { Secret } from '@jotwarden/token'
import { Command, Option } from 'commander'
import { OWN_SCOPES } from '../config/rules.ts'
import { painterFor } from '../output/colour.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import { withClients } from '../state/with-clients.ts'
import { clientJson } from './client-json.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface AddOptions extends SharedOptions {
  readonly id?: string
  readonly type?: ClientType
  readonly native?: boolean
  readonly trusted?: boolean
  readonly redirectUri?: readonly string[]
  readonly grant?: readonly GrantType[]
  readonly scope?: readonly string[]
  readonly resource?: string
  readonly postLogoutRedirectUri?: readonly string[]
  readonly secret?: string | boolean
}

type ClientType = 'public' | 'confidential'

/** `jotwarden clients add`. */
export function clientsAddCommand(terminal: Terminal): Command {
  return withStore(new Command('add'))
    .description('register an application; prints the secret of a confidential one, once')
    .argument('<name>', 'the name that people see when they are asked')
    .addOption(
      new Option(
        '--type <type>',
        'whether it can keep a secret (default: public; with --resource confidential)',
      ).choices(['public', 'confidential']),
    )
    .option('--id <id>', 'its client_id (default: made up)')
    .option('--redirect-uri <uri...>', 'where browsers are sent back to, exactly')
    .option('--post-logout-redirect-uri <uri...>', 'where browsers may be sent after signing out, exactly')
    .addOption(
      new Option('--grant <grant...>', 'what it may use (default: what fits its type)').choices(GRANTS),
    )
    .option('--scope <scope...>', 'the most it may ever be granted')
    .option(
      '--resource <identifier>',
      'the API that it is: may read the revocation feed and introspect tokens',
    )
    .option('--native', 'runs on a device: may use any port of a loopback redirect (RFC 8252)')
    .option('--trusted', 'run by the same people as the authority: nobody is asked for consent')
    .addOption(new Option('--secret [value]').hideHelp())
    .addHelpText('after', HELP)
    .action((name: string, options: AddOptions) => add(terminal, name, options))
}

async function add(terminal: Terminal, name: string, options: AddOptions): Promise<void> {
  const type = options.type ?? (options.resource === undefined ? 'public' : 'confidential')
  refuseMisuse(options, type)
  const { client, secret } = await withClients(terminal, options, (clients) =>
    clients.add(requestOf(name, type, options)).catch(async (error: unknown) => {
      throw (await refusalOfResources(error, terminal, options)) ?? error
    }),
  )
  if (options.json !== true) return printClient(terminal, client, secret)
  const shown = secret === null ? {} : { client_secret: secret.revealText() }
  print(terminal, JSON.stringify({ ...clientJson(client), ...shown }))
}

function requestOf(name: string, type: ClientType, options: AddOptions): NewClient {
  return {
    name,
    type,
    applicationType: options.native === true ? 'native' : 'web',
    consent: options.trusted === true ? 'trusted' : 'ask',
    ...(options.id === undefined ? {} : { id: options.id }),
    ...(options.redirectUri === undefined ? {} : { redirectUris: options.redirectUri }),
    ...(options.grant === undefined ? {} : { grantTypes: options.grant }),
    ...(options.scope === undefined ? {} : { scopes: options.scope }),
    ...(options.resource === undefined ? {} : { resource: options.resource }),
    ...(options.postLogoutRedirectUri === undefined
      ? {}
      : { postLogoutRedirectUris: options.postLogoutRedirectUri }),
  }
}

function refuseMisuse(options: AddOptions, type: ClientType): void {
  if (options.secret !== undefined) {
    throw new Refusal(
      'misuse',
      'Cannot take a secret from the command line: other users see arguments, and shells remember them',
      {
        remedy: 'Leave --secret out: a confidential client gets a secret of 256 random bits',
      },
    )
  }
  if (options.resource !== undefined && type === 'public') {
    throw new Refusal(
      'misuse',
      'Cannot add the client: one with a --resource proves who it is with a secret, and cannot be public',
      { remedy: 'Leave --type out' },
    )
  }
  if (type === 'public' && options.redirectUri === undefined && options.grant === undefined) {
    throw new Refusal(
      'misuse',
      'Cannot add the client: --redirect-uri is missing, and a public client can do nothing without one',
      {
        remedy:
          'Give --redirect-uri with the address that browsers are sent back to; for a service without people, --type confidential',
      },
    )
  }
}

/** The authority knows scopes and resources; that they stand in a configuration, and in which part of it, is known here. */
async function refusalOfResources(
  error: unknown,
  terminal: Terminal,
  options: AddOptions,
): Promise<Refusal | undefined> {
  const { AuthorityError } = await import('@jotwarden/authority')
  const { resources } = configurationOf(terminal, options).configuration
  const known = new Set(resources.flatMap(({ scopes }) => Object.keys(scopes)))
  const unknownScope = (options.scope ?? []).some((scope) => !known.has(scope) && !OWN_SCOPES.has(scope))
  const { resource } = options
  const unknownResource =
    resource !== undefined && resources.every(({ identifier }) => identifier !== resource)
  if (!(unknownScope || unknownResource)) return
  if (!(error instanceof AuthorityError) || error.code !== 'authority/client-invalid') return
  const what = unknownResource ? 'it' : 'the scope'
  const remedy =
    options.dev === true
      ? 'Development mode has its sample API and the scopes of it alone; write [[resources]] into a configuration of your own, which `jotwarden init` makes'
      : `Write [[resources]] with ${what} into jotwarden.toml: the comment at its end shows how`
  return new Refusal('refused', error.message, { cause: error, remedy })
}

function printClient(terminal: Terminal, client: Client, secret: Secret | null): void {
  const paint = painterFor(terminal.stdout, terminal.environment)
  print(terminal, `Added ${printable(client.name)}, a ${client.type} client`)
  print(terminal, `  client_id      ${client.id}`)
  if (secret !== null) print(terminal, `  client_secret  ${secret.revealText()}`)
  print(terminal, `  grants         ${client.grantTypes.join(' ') || 'none'}`)
  print(terminal, `  scopes         ${client.scopes.join(' ') || 'none'}`)
  for (const uri of client.redirectUris) print(terminal, `  redirect_uri   ${printable(uri)}`)
  for (const uri of client.postLogoutRedirectUris) print(terminal, `  post-logout    ${printable(uri)}`)
  if (client.resource !== null) print(terminal, `  resource       ${printable(client.resource)}`)
  if (secret === null) return
  print(
    terminal,
    paint(
      'yellow',
      'The secret is shown this once and kept nowhere: put it where the application reads its secrets.',
    ),
  )
  if (client.resource !== null) print(terminal, verifierHint(client))
}

/** What the API itself has to say, so that it learns of revocations. */
function verifierHint({ id }: Client): string {
  return `The API gives both to its verifier, to learn of revocations:
  createVerifier({ …, revocation: followRevocations({ clientId: '${id}', clientSecret }) })`
}

const GRANTS = ['authorization_code', 'refresh_token', 'client_credentials']
const HELP = `
Examples:
  A server-side web application:
    jotwarden clients add "Orders web" --type confidential \\
      --redirect-uri https://orders.example.com/callback --scope openid profile orders:read
  A command-line tool or a mobile application:
    jotwarden clients add "Orders tool" --native --redirect-uri http://127.0.0.1/callback --scope openid orders:read
  An API that wants to know of revocations, declared under [[resources]]:
    jotwarden clients add "Orders API" --resource https://api.example.com
  A service without people:
    jotwarden clients add "Night run" --type confidential --grant client_credentials --scope orders:read`
