import type { ReplacedKeys } from '@jotwarden/keyring'
import { Command } from 'commander'
import { confirmed } from '../output/confirmed.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface LostOptions extends SharedOptions {
  readonly stolen?: boolean
  readonly yes?: boolean
}

/** `jotwarden keys replace-lost`. */
export function keysReplaceLostCommand(terminal: Terminal): Command {
  return withStore(new Command('replace-lost'))
    .description(
      'the way out when the key-encryption key is lost for good: new keys in the place of those under it',
    )
    .option('--stolen', 'somebody may have it: refuse what the keys signed as well')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', HELP)
    .action((options: LostOptions) => replaceLost(terminal, options))
}

async function replaceLost(terminal: Terminal, options: LostOptions): Promise<void> {
  const lostKek = await import('../state/lost-kek.ts')
  const missing = options.dev === true ? undefined : lostKek.missingKekFile(terminal, options.config)
  if (missing !== undefined) {
    await confirmed(terminal, options.yes, `The key-encryption key ${missing} is missing. ${QUESTION}`)
    lostKek.makeKekFileAnew(missing)
  }
  const { configuration, environment } = configurationOf(terminal, options)
  const { lost, keks } = await lostKek.findLostKeys(configuration, environment)
  if (lost.length > 0 && missing === undefined) {
    const which = `${lost.length} keys need the key-encryption key ${keks.join(', ')}, which is not at hand.`
    await confirmed(terminal, options.yes, `${which} ${QUESTION}`)
  }
  const replaced = await lostKek.replaceLost(configuration, environment, options.stolen === true)
  if (options.json === true) print(terminal, JSON.stringify(asJson(replaced, options, missing)))
  else for (const line of outcome(replaced, options, missing)) print(terminal, printable(line))
}

function asJson({ ended, made }: ReplacedKeys, { stolen }: LostOptions, missing: string | undefined) {
  return {
    outcome: ended.length + made.length === 0 ? 'none-lost' : 'replaced',
    stolen: stolen === true,
    ended: ended.map(({ kid, purpose, state }) => ({ kid, purpose, was: state })),
    made: made.map(({ kid, purpose }) => ({ kid, purpose })),
    kek_file: missing ?? null,
  }
}

function outcome(
  { ended, made }: ReplacedKeys,
  { stolen }: LostOptions,
  missing: string | undefined,
): readonly string[] {
  const file = missing === undefined ? [] : [`Made ${missing} (mode 0600). Back it up apart from the data.`]
  if (ended.length + made.length === 0) {
    const advice = stolen === true ? [AT_HAND] : []
    return [...file, 'Nothing is lost: the key-encryption key opens every key.', ...advice]
  }
  return [
    ...file,
    `Ended ${ended.length} keys and made ${made.length} new ones.`,
    stolen === true
      ? 'What the old keys signed is refused: verifiers that follow the revocation feed refuse it within a second of the start, others when they read the keys again.'
      : 'Access tokens and ID tokens that they signed stay good until they expire.',
    'Refresh tokens answer invalid_grant and sign-ins that were under way begin again: applications ask people to sign in. Accounts, passwords, clients with their secrets, consents and single sign-on are as they were.',
  ]
}

const QUESTION =
  'Give up every key under it for good, and make new ones? All refresh tokens end. When a backup of it exists, put that back instead'
const AT_HAND =
  'Against somebody who has it as well: `jotwarden keys rewrap`, then `jotwarden keys compromise` for each key that `jotwarden keys list` has as active, pending or retiring.'
const HELP = `
Before you run it: look for a backup of the key-encryption key, and keep a copy of the store (\`jotwarden store backup\`), in
case it turns up. A missing keys.kek_file is made anew; a file that holds another key is taken as it is, and so is a key from the
environment. Only keys that cannot be opened are ended; where all can be opened, nothing is changed, and that ends with 0.

By itself the public keys stay published until what they signed has expired, since nobody can sign with a key that is
lost. When somebody may have taken the key-encryption key along with a copy of the store, say --stolen: the keys are
compromised then, and what they signed is refused. What cannot be recovered: private keys, refresh tokens, sign-ins under way.

Examples:
  jotwarden keys replace-lost
  jotwarden keys replace-lost --stolen --yes --json`
