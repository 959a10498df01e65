import { type KeyPurpose, type KeyRecord, KeyringError } from '@jotwarden/keyring'
import { Command } from 'commander'
import { confirmed } from '../output/confirmed.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import type { OpenedAuthority } from '../state/open-authority.ts'
import { withAuthority } from '../state/with-authority.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface Withdrawal {
  readonly outcome: 'compromised' | 'already'
  readonly key: KeyRecord | undefined
  /** The key that now does the work of this purpose. */
  readonly active: KeyRecord | undefined
}

/** `jotwarden keys compromise`. */
export function keysCompromiseCommand(terminal: Terminal): Command {
  return withStore(new Command('compromise'))
    .description('withdraw a key that may be stolen, for good; its spare takes its place')
    .argument('<kid>', 'the id of the key; after -- when it begins with -')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(async (kid: string, options: SharedOptions & { readonly yes?: boolean }) => {
      await confirmed(
        terminal,
        options.yes,
        `Withdraw the key ${kid} for good? What it protects is refused from then on`,
      )
      const withdrawal = await withAuthority(terminal, options, (opened) => withdraw(opened, kid))
      if (options.json === true) print(terminal, JSON.stringify(asJson(kid, withdrawal)))
      else print(terminal, sentence(printable(kid), withdrawal))
    })
}

async function withdraw({ authority }: OpenedAuthority, kid: string): Promise<Withdrawal> {
  const outcome = await authority.keyring.compromise(kid).catch(refuseUnknown)
  const records = await authority.keyring.list()
  const key = records.find((record) => record.kid === kid)
  const active = records.find((record) => record.purpose === key?.purpose && record.state === 'active')
  return { outcome, key, active }
}

function refuseUnknown(error: unknown): never {
  if (!(error instanceof KeyringError) || error.code !== 'keyring/unknown-key') throw error
  throw new Refusal('refused', error.message, {
    remedy: 'Run `jotwarden keys list` to see the ids; a token names that of its key as `kid` in its header',
    cause: error,
  })
}

function asJson(kid: string, { outcome, key, active }: Withdrawal): Record<string, unknown> {
  return { kid, purpose: key?.purpose ?? null, outcome, active: active?.kid ?? null }
}

function sentence(kid: string, { outcome, key, active }: Withdrawal): string {
  const { refused, works } = consequences[key?.purpose ?? 'token-signing']
  const now = active === undefined ? `no key ${works}` : `${active.kid} ${works}`
  if (outcome === 'already') return `The key ${kid} had been withdrawn before; ${now}`
  return `Withdrew the key ${kid}; ${now}\n${refused}`
}

const consequences: Readonly<Record<KeyPurpose, { readonly refused: string; readonly works: string }>> = {
  'token-signing': {
    works: 'signs now',
    refused:
      'Tokens by it are refused: a running server and verifiers that follow the revocation feed refuse them within a second, others when they read the keys again',
  },
  'refresh-mac': {
    works: 'makes refresh tokens now',
    refused: 'Refresh tokens by it are refused: the people whose sessions used it sign in again',
  },
  sealing: {
    works: 'seals now',
    refused: 'What it sealed is refused: sign-ins that are under way begin again',
  },
}
const HELP = `
Withdrawing cannot be taken back. A key that was withdrawn before is left as it is, and that ends with 0.

Examples:
  jotwarden keys compromise dQw4w9WgXcQ7Zl0yqv1xL3n5bT8cRk2hJf6gPm9sUeA
  jotwarden keys compromise --yes --json -- -w4w9WgXcQ7Zl0yqv1xL3n5bT8cRk2hJf6gPm9sUeA`
