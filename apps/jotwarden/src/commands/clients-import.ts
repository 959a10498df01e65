import type { ImportOutcome } from '@jotwarden/authority'
import { Command } from 'commander'
import { memberNames } from '../import/client-members.ts'
import { readImportFile } from '../import/import-file.ts'
import { type FileFinding, type ReadClient, readClients } from '../import/read-clients.ts'
import { painterFor } from '../output/colour.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { withClients } from '../state/with-clients.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface ImportCommandOptions extends SharedOptions {
  readonly dryRun?: boolean
  readonly skipExisting?: boolean
  readonly allowWeakSecrets?: boolean
}

/** `jotwarden clients import`. */
export function clientsImportCommand(terminal: Terminal): Command {
  return withStore(new Command('import'))
    .description('register the applications of another issuer, with the ids and secrets that they have')
    .argument('<file>', 'JSON with the member clients; - for standard input')
    .option('--dry-run', 'find what there is to find, and change nothing')
    .option('--skip-existing', 'leave clients whose id is taken as they are; without it they are refused')
    .option('--allow-weak-secrets', 'take secrets that may be guessed from their hash; replace them soon')
    .addHelpText('after', HELP)
    .action(async (file: string, options: ImportCommandOptions) => {
      process.exitCode = await importClients(terminal, file, options)
    })
}

async function importClients(
  terminal: Terminal,
  file: string,
  options: ImportCommandOptions,
): Promise<number> {
  const read = readClients(await readImportFile(terminal, file))
  // What cannot be read is told together with what the authority finds in the rest
  const dryRun = options.dryRun === true || read.findings.length > 0
  const outcome = await withClients(terminal, options, (clients) =>
    clients.import(
      read.clients.map(({ client }) => client),
      {
        taken: options.skipExisting === true ? 'skip' : 'refuse',
        allowWeakSecrets: options.allowWeakSecrets === true,
        dryRun,
      },
    ),
  )
  const findings = [...read.findings, ...outcome.findings.map((one) => inFile(one, read.clients))].toSorted(
    (a, b) => (a.index ?? -1) - (b.index ?? -1),
  )
  const ok = findings.length === 0
  const { added, skipped, weak } = outcome
  const told = ok ? { ok, dry_run: options.dryRun === true, added, skipped, weak } : { ok, findings }
  if (options.json === true) print(terminal, JSON.stringify(told))
  else if (ok) printOutcome(terminal, outcome, options)
  else printFindings(terminal, findings)
  return ok ? 0 : 1
}

function inFile(
  { index, member, problem, remedy }: ImportOutcome['findings'][number],
  clients: readonly ReadClient[],
): FileFinding {
  const read = clients[index]
  return {
    index: read?.index ?? null,
    client: read?.client.id ?? null,
    member: memberNames[member],
    problem,
    remedy,
  }
}

function printFindings(terminal: Terminal, findings: readonly FileFinding[]): void {
  const paint = painterFor(terminal.stdout, terminal.environment)
  print(terminal, paint('red', `Nothing was imported: ${findings.length} wrong`))
  for (const { index, client, member, problem, remedy } of findings) {
    const place = index === null ? member : `clients[${index}]${member === '' ? '' : `.${member}`}`
    const name = client === null ? '' : ` (${client})`
    print(terminal, `  ${printable(`${place}${name} ${problem}. ${remedy}`)}`)
  }
}

function printOutcome(
  terminal: Terminal,
  { added, skipped, weak }: ImportOutcome,
  { dryRun }: ImportCommandOptions,
): void {
  const paint = painterFor(terminal.stdout, terminal.environment)
  const count = `${added.length} ${added.length === 1 ? 'client' : 'clients'}`
  print(terminal, dryRun === true ? `Would import ${count}; nothing was changed` : `Imported ${count}`)
  for (const id of added) print(terminal, `  ${id}`)
  if (skipped.length > 0) print(terminal, `Left as they are: ${skipped.map(printable).join(', ')}`)
  if (weak.length > 0)
    print(
      terminal,
      paint(
        'yellow',
        `Weak secrets, to be replaced with \`jotwarden clients secrets rotate\`: ${weak.join(', ')}`,
      ),
    )
  if (added.length > 0 && dryRun !== true) print(terminal, 'Remove the file: it holds secrets.')
}

const HELP = `
The file is {"clients": [ … ]}, each with members as RFC 7591 names them: client_id, client_secret, client_name,
redirect_uris, post_logout_redirect_uris, grant_types, scope, token_endpoint_auth_method (none, client_secret_basic or
client_secret_post), application_type; and resource and consent (ask or trusted). All are imported or none is. Ends with 1
when something is wrong, with a line for each finding.

Examples:
  jotwarden clients import clients.json --dry-run
  decrypt clients.json.age | jotwarden clients import - --skip-existing --json`
