import { type KeyCourse, type KeyStep, keyCourses, plannedSteps } from '@jotwarden/keyring'
import { Command } from 'commander'
import { painterFor } from '../output/colour.ts'
import { drawCourses } from '../output/draw-courses.ts'
import { ACTS, formatOutlook, type KeyOutlook, keyOutlook, REASONS } from '../output/key-plan.ts'
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
  readonly outlook: KeyOutlook
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
  const { configuration } = configurationOf(terminal, options)
  const input = { records, now, plan: keyPlanOf(configuration) }
  const steps = plannedSteps(input)
  const outlook = keyOutlook(configuration.keys.owner, input.plan, steps)
  const read = { now, courses: keyCourses(input), steps, outlook }
  if (options.json === true) return print(terminal, JSON.stringify(asJson(read)))
  if (read.courses.length === 0) return print(terminal, 'There are no keys yet: the first start makes them.')
  const paint = painterFor(terminal.stdout, terminal.environment)
  const rows = read.steps.map((step) => asRow(step, now))
  print(terminal, drawCourses(read.courses, now, paint))
  print(terminal, '')
  print(terminal, `${formatOutlook(outlook, now, paint)}\n`)
  print(terminal, formatTable(['when', 'what', 'purpose', 'kid', 'why'], rows, paint))
}

function asJson({ now, courses, steps, outlook }: Timeline): Record<string, unknown> {
  return {
    now,
    plan: outlook,
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
  return [when, ACTS[step.act], step.purpose, kid, REASONS[step.reason]]
}

const HELP = `
A running server takes each step within a minute of its date. A spare is announced whenever a key is activated; it is
not active before everybody can know it, and a key stays as long as anything that it protected is valid. The dates
follow from keys.rotation_period, keys.jwks_max_age, keys.propagation, keys.clock_skew and the lifetimes. Times are in
UTC; with --json they are seconds since the epoch.

Examples:
  jotwarden keys timeline
  jotwarden keys timeline --json | jq '.steps[0]'`
