import { setTimeout } from 'node:timers/promises'
import { isKeyPurpose, type KeyPurpose, type Rotated } from '@jotwarden/keyring'
import { Command, Option } from 'commander'
import { formatMoment } from '../output/moment.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import type { OpenedAuthority } from '../state/open-authority.ts'
import { systemClock } from '../state/system.ts'
import { withAuthority } from '../state/with-authority.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface RotateOptions extends SharedOptions {
  readonly purpose: string
  readonly wait?: boolean
}

/** `jotwarden keys rotate`. */
export function keysRotateCommand(terminal: Terminal): Command {
  return withStore(new Command('rotate'))
    .description('replace a key ahead of its date, as soon as its successor is known everywhere')
    .addOption(
      new Option('--purpose <purpose>', 'what the key is for')
        .choices(['token-signing', 'refresh-mac', 'sealing'])
        .default('token-signing'),
    )
    .option('--wait', 'stay until the successor is known everywhere, then replace the key')
    .addHelpText('after', HELP)
    .action(async ({ purpose, wait, ...options }: RotateOptions) => {
      process.exitCode = await rotate(terminal, purpose, wait === true, options)
    })
}

async function rotate(
  terminal: Terminal,
  purpose: string,
  waits: boolean,
  options: SharedOptions,
): Promise<number> {
  if (!isKeyPurpose(purpose)) throw new Refusal('misuse', 'Cannot replace the key: its purpose is unknown')
  const rotated = await withAuthority(terminal, options, (opened) => rotateKey(opened, purpose, waits))
  print(
    terminal,
    options.json === true ? JSON.stringify({ purpose, ...rotated }) : sentence(purpose, rotated),
  )
  return rotated.outcome === 'rotated' ? 0 : 1
}

async function rotateKey(
  { authority: { keyring } }: OpenedAuthority,
  purpose: KeyPurpose,
  waits: boolean,
): Promise<Rotated> {
  for (;;) {
    const rotated = await keyring.rotate(purpose)
    if (rotated.outcome === 'rotated' || !waits) return rotated
    // A wait may be longer than a timer can hold
    await setTimeout(Math.min(Math.max(0, rotated.at - systemClock.now()), LONGEST_TIMER) * 1000)
  }
}

function sentence(purpose: KeyPurpose, rotated: Rotated): string {
  if (rotated.outcome === 'rotated') {
    return `Replaced the ${purpose} key: ${rotated.kid} is active now\nWhat the old one made stays good until it expires`
  }
  return `Not replaced yet: the next ${purpose} key, ${rotated.next}, is announced, but not everybody knows it before ${formatMoment(rotated.at)}\nRun this again then, or with --wait`
}

/** Seconds. */
const LONGEST_TIMER = 86_400
const HELP = `
Nothing is refused by this: what the old key made stays good until it expires. For a key that may be stolen there is
\`jotwarden keys compromise\`. Ends with 1 when the successor is not known everywhere yet; the key is not replaced then.

Examples:
  jotwarden keys rotate
  jotwarden keys rotate --purpose refresh-mac --wait --json`
