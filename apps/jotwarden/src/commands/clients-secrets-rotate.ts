import { resolve } from 'node:path'
import type { RotatedSecret } from '@jotwarden/authority'
import { Command } from 'commander'
import { parseDuration } from '../config/duration.ts'
import { painterFor } from '../output/colour.ts'
import { confirmed } from '../output/confirmed.ts'
import { formatMoment } from '../output/moment.ts'
import { openSecretFile, type SecretFile } from '../output/secret-file.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import { withClients } from '../state/with-clients.ts'
import { secretJson } from './secret-text.ts'
import { type SharedOptions, withStore } from './shared-options.ts'
import { accessTokensRefused } from './tokens-left.ts'

interface RotateOptions extends SharedOptions {
  readonly overlap?: string
  readonly now?: boolean
  readonly endSessions?: boolean
  readonly output?: string
  readonly yes?: boolean
}

/** `jotwarden clients secrets rotate`. */
export function clientsSecretsRotateCommand(terminal: Terminal): Command {
  return withStore(new Command('rotate'))
    .description('make a new secret, shown once; the one before stays valid for a while')
    .argument('<client-id>')
    .option('--overlap <duration>', 'for how long the one before stays valid (default: 7d)')
    .option('--now', 'end the one before at once: for a secret that leaked')
    .option(
      '--end-sessions',
      'with --now: end the sessions of the client too, and refuse all that was issued to it',
    )
    .option('--output <file>', 'write the secret to a new file for its owner alone, and do not show it')
    .option('-y, --yes', 'do not ask before --now')
    .addHelpText('after', HELP)
    .action((id: string, options: RotateOptions) => rotate(terminal, id, options))
}

async function rotate(terminal: Terminal, id: string, options: RotateOptions): Promise<void> {
  const overlap = overlapOf(options)
  if (options.now === true) await confirmed(terminal, options.yes, question(id, options))
  const file =
    options.output === undefined ? undefined : openSecretFile(resolve(terminal.folder, options.output))
  const endsGrants = options.endSessions === true
  const rotated = await withClients(terminal, options, (clients) =>
    clients.rotateSecret(id, { overlap, endsGrants }),
  ).catch((error: unknown) => {
    file?.discard()
    throw error
  })
  file?.write(rotated.secret)
  if (options.json === true) return print(terminal, JSON.stringify(asJson(rotated, file)))
  printRotated(terminal, rotated, file)
  if (endsGrants) print(terminal, `Its sessions have ended; ${accessTokensRefused(terminal, options, 'its')}`)
}

/** Seconds; 0 for none. Throws `Refusal`. */
function overlapOf({ overlap, now, endSessions }: RotateOptions): number {
  if (now === true && overlap !== undefined)
    throw new Refusal('misuse', 'Cannot replace the secret: --now and --overlap exclude each other')
  if (endSessions === true && now !== true)
    throw new Refusal(
      'misuse',
      'Cannot replace the secret: --end-sessions is for one that leaked, which must not stay valid',
      { remedy: 'Say --now as well; `jotwarden sessions revoke --client` ends sessions alone' },
    )
  if (now === true) return 0
  const seconds = parseDuration(overlap ?? '7d')
  if (seconds !== undefined && seconds >= SHORTEST && seconds <= LONGEST) return seconds
  throw new Refusal('misuse', 'Cannot use --overlap: it is not between 1s and 90d', {
    remedy: 'Write it as 36h or 7d; to end the old secret at once, say --now',
  })
}

function question(id: string, { endSessions }: RotateOptions): string {
  const sessions = endSessions === true ? ', end its sessions and refuse its tokens' : ''
  return `Refuse the present secret of ${id} from now on${sessions}? It fails until it has the new one`
}

function asJson({ client, secret }: RotatedSecret, file: SecretFile | undefined): Record<string, unknown> {
  const shown = file === undefined ? { client_secret: secret.revealText() } : { file: file.path }
  return { client_id: client.id, ...shown, secrets: client.secrets.map(secretJson) }
}

function printRotated(
  terminal: Terminal,
  { client, secret }: RotatedSecret,
  file: SecretFile | undefined,
): void {
  const paint = painterFor(terminal.stdout, terminal.environment)
  const [fresh, before] = client.secrets
  print(terminal, `Made a new secret of ${printable(client.id)}: ${fresh?.id ?? ''}`)
  if (file === undefined) {
    print(terminal, `  client_secret  ${secret.revealText()}`)
    print(terminal, paint('yellow', 'It is shown this once: put it where the application reads its secrets.'))
  } else print(terminal, `It stands in ${printable(file.path)}, and is shown nowhere`)
  if (before === undefined || before.endsAt === null) return
  const old = `The secret before, ${before.id},`
  if (before.endsAt <= (fresh?.createdAt ?? 0)) print(terminal, `${old} is refused from now on`)
  else
    print(
      terminal,
      `${old} ends ${formatMoment(before.endsAt)}; \`jotwarden clients secrets list ${client.id}\` shows whether it is still used`,
    )
}

/** Seconds. */
const SHORTEST = 1
const LONGEST = 90 * 86_400
const HELP = `
A client has two valid secrets at most. Of two that replace one secret at the same time one succeeds, and the other is
refused and shows none.

Examples:
  jotwarden clients secrets rotate orders-web
  jotwarden clients secrets rotate orders-web --overlap 36h --output orders-web.secret
  A secret that leaked, and whatever somebody may have got with it:
    jotwarden clients secrets rotate orders-web --now --end-sessions --yes --json`
