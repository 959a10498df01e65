import { type KeyRecord, keyPurposes, plannedSteps } from '@jotwarden/keyring'
import { Command } from 'commander'
import { painterFor } from '../output/colour.ts'
import { formatOutlook, keyOutlook } from '../output/key-plan.ts'
import { formatMoment } from '../output/moment.ts'
import { formatTable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import { kekIdOf } from '../state/kek-id.ts'
import { keyPlanOf } from '../state/key-schedule.ts'
import { systemClock } from '../state/system.ts'
import { withStores } from '../state/with-stores.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

/** `jotwarden keys list`. */
export function keysListCommand(terminal: Terminal): Command {
  return withStore(new Command('list'))
    .description('list the keys with their states, those that cannot be opened as well, and the key plan')
    .addHelpText('after', HELP)
    .action((options: SharedOptions) => list(terminal, options))
}

async function list(terminal: Terminal, options: SharedOptions): Promise<void> {
  const records = await withStores(terminal, options, ({ stores, issuer }) => stores.keys.list(issuer))
  const keys = records.toSorted(
    (a, b) => a.purpose.localeCompare(b.purpose) || a.createdAt - b.createdAt || a.kid.localeCompare(b.kid),
  )
  if (options.json === true) return print(terminal, JSON.stringify(keys.map(asJson)))
  if (keys.length === 0) return print(terminal, 'There are no keys yet: the first start makes them.')
  const headings = ['kid', 'purpose', 'alg', 'state', 'created', 'activated', 'retiring', 'removable', 'kek']
  const paint = painterFor(terminal.stdout, terminal.environment)
  print(terminal, `${formatTable(headings, keys.map(asRow), paint)}\n`)
  const now = Math.floor(systemClock.now())
  const { configuration } = configurationOf(terminal, options)
  const plan = keyPlanOf(configuration)
  const outlook = keyOutlook(configuration.keys.owner, plan, plannedSteps({ records, now, plan }))
  print(terminal, formatOutlook(outlook, now, paint))
}

/** Member by member: a record also holds the wrapped private part. */
function asJson(key: KeyRecord): Record<string, unknown> {
  return {
    kid: key.kid,
    purpose: key.purpose,
    type: keyPurposes[key.purpose]?.keyType ?? null,
    alg: key.alg,
    state: key.state,
    created_at: key.createdAt,
    announced_at: key.announcedAt,
    activated_at: key.activatedAt,
    retiring_at: key.retiringAt,
    removable_at: key.removableAt,
    retired_at: key.retiredAt,
    compromised_at: key.compromisedAt,
    kek: kekIdOf(key),
  }
}

function asRow(key: KeyRecord): readonly string[] {
  const { kid, purpose, alg, state } = key
  const dates = [key.createdAt, key.activatedAt, key.retiringAt, key.removableAt]
  const moments = dates.map((date) => (date === null ? '–' : formatMoment(date)))
  return [kid, purpose, alg, state, ...moments, kekIdOf(key) ?? '–']
}

const HELP = `
From REMOVABLE on nothing that a retiring key protected is valid. KEK names the key-encryption key that the private
part is wrapped under; a destroyed one has none. The plan below the keys says at which age each is replaced, at which it
can no longer be used, and what follows next and why; TYPE is the type of key by NIST SP 800-57. Times are in UTC; with
--json they are seconds since the epoch.

Examples:
  jotwarden keys list
  jotwarden keys list --json | jq -r '.[] | select(.state == "active") | .kid'`
