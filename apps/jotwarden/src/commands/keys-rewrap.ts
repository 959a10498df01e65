import { Command } from 'commander'
import { openKeks } from '../config/kek.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import type { RewrapOutcome, RewrapRequest, RewrapStep } from '../state/rewrap.ts'
import { systemClock } from '../state/system.ts'
import { withAuthority } from '../state/with-authority.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface RewrapOptions extends SharedOptions {
  readonly forgetOld?: boolean
}

/** `jotwarden keys rewrap`. */
export function keysRewrapCommand(terminal: Terminal): Command {
  return withStore(new Command('rewrap'))
    .description('replace the key-encryption key: wrap every private key under a new one')
    .option('--forget-old', 'do not keep the key before in a file of its own')
    .addHelpText('after', HELP)
    .action(async (options: RewrapOptions) => {
      process.exitCode = await rewrap(terminal, options)
    })
}

async function rewrap(terminal: Terminal, options: RewrapOptions): Promise<number> {
  const { configuration, environment } = configurationOf(terminal, options)
  const { kek_file: file, previous_kek_env: previous } = configuration.keys
  if (file === undefined && previous === undefined) throw inEnvironment()
  const tell = (step: RewrapStep) => {
    if (options.json !== true) print(terminal, printable(sentence(step, file)))
  }
  const outcome = await withAuthority(terminal, options, async ({ stores }) => {
    const { rewrapUnderFirst, rewrapUnderNewKek } = await import('../state/rewrap.ts')
    const { lookAtStore } = await import('../state/look-at-store.ts')
    const known = lookAtStore(configuration.store.path).contents.issuers.map(({ issuer }) => issuer)
    const request: RewrapRequest = {
      records: stores.keys,
      issuers: [...new Set([configuration.issuer, ...known])],
      now: () => Math.floor(systemClock.now()),
      onStep: tell,
    }
    return file === undefined
      ? rewrapUnderFirst(openKeks(configuration, environment), request)
      : rewrapUnderNewKek(file, options.forgetOld !== true, request)
  })
  if (options.json === true) print(terminal, JSON.stringify(asJson(outcome)))
  else for (const line of lastWords(outcome, file, previous)) print(terminal, printable(line))
  return outcome.closed.length === 0 ? 0 : 1
}

function inEnvironment(): Refusal {
  return new Refusal(
    'refused',
    'Cannot replace the key-encryption key: it comes from the environment, which only you can change',
    {
      remedy:
        'Name the new key in keys.kek_env and the present one in keys.previous_kek_env, start the server with both, then run this again',
    },
  )
}

function asJson({ kek, isResumed, rewrapped, closed, dropped, kept }: RewrapOutcome) {
  const unreadable = closed.map(({ kid, purpose, state }) => ({ kid, purpose, state }))
  return { kek, resumed: isResumed, rewrapped, unreadable, dropped, kept }
}

function sentence(step: RewrapStep, file: string | undefined): string {
  if (step.step === 'begun') {
    if (file === undefined) return `The key-encryption key ${step.kek} wraps new keys`
    return step.isResumed
      ? `Finishing with the key-encryption key ${step.kek}, which ${file} has first`
      : `Made the key-encryption key ${step.kek} in ${file}`
  }
  if (step.step === 'rewrapped') return `Wrapped ${step.count} private keys under it`
  return `Took ${step.keks.join(', ')} out: it opens nothing any more`
}

function lastWords(
  { closed, dropped, kept }: RewrapOutcome,
  file: string | undefined,
  previous: string | undefined,
): readonly string[] {
  const lines = closed.map(
    ({ kid, purpose, state }) =>
      `warning: the ${state} ${purpose} key ${kid} cannot be opened and stays as it is; withdraw it with \`jotwarden keys compromise\``,
  )
  if (dropped.length === 0) return [...lines, 'The key before stays in place, since a key is still under it.']
  return ['', ...lines, ...nextSteps(file, previous, kept)]
}

function nextSteps(
  file: string | undefined,
  previous: string | undefined,
  kept: readonly string[],
): readonly string[] {
  const first =
    file === undefined
      ? `Take ${previous} and keys.previous_kek_env away, and start the server again.`
      : `Back up ${file} now: without it the keys in the store are lost.`
  const isForgotten = file !== undefined && kept.length === 0
  const place = kept.length === 0 ? '' : `, now in ${kept.join(', ')}`
  const old = isForgotten
    ? 'the key before, which is not kept here: only a backup of it opens them.'
    : `the key before${place}: keep it apart from them for as long as you keep them.`
  return [
    first,
    `Copies of the store that were made until now need ${old}`,
    'Whoever has both can still sign: if that may be, withdraw the keys as well (`jotwarden keys compromise`).',
  ]
}

const HELP = `
Run it beside the server or without: requests are answered meanwhile, and no token or session changes. Running servers
read the file again by themselves. When it is ended halfway, everything still opens; run it again to finish. The key
before is kept in a file of its own beside the new one, since copies of the store made until now need it; put it back in a further
line of the file to open such a copy, and run this again.

A new key-encryption key does not help against somebody who has the old one and a copy of the store: withdraw the keys
then (\`jotwarden keys compromise\`). A key that comes from the environment is replaced in this order: start every server with
the new key in keys.previous_kek_env, then with both exchanged, run this, take keys.previous_kek_env away. With
one server the first start can be left out. Ends with 1 when a key cannot be opened.

Examples:
  jotwarden keys rewrap
  jotwarden keys rewrap --forget-old --json`
