import {
  type KeyCourse,
  type KeyStep,
  type KeyStepReason,
  keyCourses,
  plannedSteps,
} from '@jotwarden/keyring'
import { Command } from 'commander'
import { painterFor } from '../output/colour.ts'
import { drawCourses } from '../output/draw-courses.ts'
import { formatMoment } from '../output/moment.ts'
import { formatTable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import { keyPlanOf } from '../state/key-schedule.ts'
import { systemClock } from '../state/system.ts'
import { withStores } from '../state/with-stores.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface Timeline {
  readonly now: number
  readonly courses: readonly KeyCourse[]
  readonly steps: readonly KeyStep[]
}

/** `jotwarden keys timeline`. */
export function keysTimelineCommand(terminal: Terminal): Command {
  return withStore(new Command('timeline'))
    .description('draw what has become of the keys, and what follows when')
    .addHelpText('after', HELP)
    .action((options: SharedOptions) => timeline(terminal, options))
}

async function timeline(terminal: Terminal, options: SharedOptions): Promise<void> {
  const now = Math.floor(systemClock.now())
  const records = await withStores(terminal, options, ({ stores, issuer }) => stores.keys.list(issuer))
  const input = { records, now, plan: keyPlanOf(configurationOf(terminal, options).configuration) }
  const read = { now, courses: keyCourses(input), steps: plannedSteps(input) }
  if (options.json === true) return print(terminal, JSON.stringify(asJson(read)))
  if (read.courses.length === 0) return print(terminal, 'There are no keys yet: the first start makes them.')
  const paint = painterFor(terminal.stdout, terminal.environment)
  const rows = read.steps.map((step) => asRow(step, now))
  print(terminal, drawCourses(read.courses, now, paint))
  print(terminal, '')
  print(terminal, formatTable(['when', 'what', 'purpose', 'kid', 'why'], rows, paint))
}

function asJson({ now, courses, steps }: Timeline): Record<string, unknown> {
  return {
    now,
    keys: courses.map(({ kid, purpose, spans }) => ({ kid, purpose, spans })),
    steps: steps.map((step) => ({
      at: step.at,
      act: step.act,
      purpose: step.purpose,
      kid: step.act === 'make' ? null : step.kid,
      reason: step.reason,
    })),
  }
}

function asRow(step: KeyStep, now: number): readonly string[] {
  const when = step.at <= now ? 'now' : formatMoment(step.at)
  const kid = step.act === 'make' ? '–' : step.kid
  return [when, acts[step.act], step.purpose, kid, reasons[step.reason]]
}

const acts: Readonly<Record<KeyStep['act'], string>> = {
  make: 'announce a spare',
  activate: 'activate',
  retire: 'retire',
  disarm: 'destroy the private part',
  remove: 'remove',
}
const reasons: Readonly<Record<KeyStepReason, string>> = {
  'no-spare': 'none stands ready',
  age: 'the active key has its age, and its successor is known',
  use: 'the active key has been used enough',
  unused: 'no server signs with it any more',
  expired: 'nothing that it protected is valid any more',
}
const HELP = `
A running server takes each step within a minute of its date. A spare is announced whenever a key is activated; it is
not active before everybody can know it, and a key stays as long as anything that it protected is valid. The dates
follow from keys.rotation_period, keys.jwks_max_age, keys.propagation, keys.clock_skew and the lifetimes. Times are in
UTC; with --json they are seconds since the epoch.

Examples:
  jotwarden keys timeline
  jotwarden keys timeline --json | jq '.steps[0]'`
