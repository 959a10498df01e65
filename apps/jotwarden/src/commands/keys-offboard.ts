import { Command } from 'commander'
import { confirmed } from '../output/confirmed.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import type { Offboarded, OffboardingManner } from '../state/offboard.ts'
import { withAuthority } from '../state/with-authority.ts'
import { holdingJson } from './keys-holders.ts'
import { offboardingText, question } from './offboarding-text.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface OffboardOptions extends SharedOptions {
  readonly compromised?: boolean
  readonly wait?: boolean
  readonly done?: boolean
  readonly yes?: boolean
}

/** `jotwarden keys offboard`. */
export function keysOffboardCommand(terminal: Terminal): Command {
  return withStore(new Command('offboard'))
    .description('somebody who knew a secret leaves: replace what they knew, and keep what remains on record')
    .argument('<name>', 'as on the list of `jotwarden keys holders`')
    .option('--compromised', 'they may misuse it: also refuse, at once, all that their keys protected')
    .option('--wait', 'stay until the new keys are known everywhere and in use')
    .option('--done', 'keys that were shared outside are replaced; only you can know that')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(async (name: string, options: OffboardOptions) => {
      process.exitCode = await run(terminal, name, options)
    })
}

async function run(terminal: Terminal, name: string, options: OffboardOptions): Promise<number> {
  const { configuration, environment } = configurationOf(terminal, options)
  const manner: OffboardingManner = {
    compromised: options.compromised === true,
    waits: options.wait === true,
    vouched: options.done === true,
  }
  const offboarded = await withAuthority(terminal, options, async (opened) => {
    const { heldBy, offboard } = await import('../state/offboard.ts')
    const place = { opened, configuration, environment }
    const held = await heldBy(place, name)
    if (held.length === 0) throw unknown(name)
    const isNew = held.some(({ offboardedAt }) => offboardedAt === null)
    if (isNew || manner.compromised) await confirmed(terminal, options.yes, question(name, held, manner))
    return offboard(place, name, manner)
  })
  if (options.json === true) print(terminal, JSON.stringify(asJson(name, offboarded)))
  else print(terminal, offboardingText(name, offboarded))
  return offboarded.remaining.length === 0 ? 0 : 1
}

function unknown(name: string): Refusal {
  return new Refusal('refused', `Cannot offboard ${printable(name)}: no secret is on record for this name`, {
    remedy: 'Look at `jotwarden keys holders list`; names are taken letter by letter',
  })
}

function asJson(holder: string, offboarded: Offboarded): Record<string, unknown> {
  const { held, superseded, withdrawn, acceptedUntil, remaining } = offboarded
  return {
    holder,
    done: remaining.length === 0,
    held: held.map(holdingJson),
    replaced: superseded,
    withdrawn,
    accepted_until: acceptedUntil,
    remaining,
  }
}

const HELP = `
What follows from what somebody held:
  kek, kek-backup     they could open a copy of the store: every signing, MAC and sealing key of that time is replaced by one
                      that was made after they left, spares included; the key-encryption key has to be replaced too
  client:CLIENT-ID    whoever runs the application gives it another secret
  shared:AUDIENCE     whoever runs the audience takes another key; say so with --done

A new key is used as soon as it is known everywhere, some minutes later: run this again then, or now with --wait. Nobody
has to sign in again. With --compromised everybody has: what the old keys protected is refused at once, and an API that
does not look for new keys fails until it does.

Ends with 1 while something remains to be done, with what and how, and with 0 when nothing does. Those who left stay on
the list. Run it again as often as you like.

Examples:
  jotwarden keys offboard ann
  jotwarden keys offboard ann --wait --yes
  jotwarden keys offboard ann --compromised
  jotwarden keys offboard ann --done --json`
