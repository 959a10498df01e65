import { addSpare, type SpareRequest } from './first-keys.ts'
import type { KeyEvent } from './key-event.ts'
import { type KeyPlan, removableFrom } from './key-plan.ts'
import type { KeyRecords } from './key-records.ts'
import type { KeyTransition } from './key-transition.ts'
import { withoutUnopenedSpares } from './opened-keys.ts'
import type { KeyPurpose } from './purposes.ts'
import { dueSteps, type KeyStep } from './schedule.ts'

/** By what a keyring changes its keys without being asked. */
export interface KeySchedule {
  /** Read whenever dates are derived: it may be another by then. */
  readonly plan: KeyPlan
  /**
   * When the last thing that keys of the purpose protect until now ends (seconds since the epoch); 0 when there is none, or
   * when `longestLife` has always been what it is.
   */
  latestEnd(purpose: KeyPurpose): Promise<number>
}

/**
 * Takes the steps that are due at `request.now`: changes of state in one act, then spares where none stands that can be
 * opened. Says which it took. Of nodes that do it at once one changes states; the others take nothing and do it again later.
 */
export async function tendKeys(
  { plan, latestEnd }: KeySchedule,
  records: KeyRecords,
  request: SpareRequest,
  worn: ReadonlySet<string> = new Set(),
): Promise<readonly KeyStep[]> {
  const { issuer, now, store } = request
  const usable = async () => withoutUnopenedSpares(await records.list(issuer), store)
  const changes = dueSteps({ records: await usable(), now, plan, worn }).filter(isChange)
  if (changes.length > 0) {
    const steps = await Promise.all(
      oneForEachKey(changes).map((step) => transitionOf(step, now, plan, latestEnd)),
    )
    if ((await records.transition(issuer, steps, changes.map(eventOf(now)))) === 'conflict') return []
  }
  const missing = dueSteps({ records: await usable(), now, plan }).filter(({ act }) => act === 'make')
  const made: KeyStep[] = []
  for (const step of missing)
    if ((await addSpare(step.purpose, records, request)) !== undefined) made.push(step)
  return [...changes, ...made]
}

type Change = Extract<KeyStep, { readonly kid: string }>

function isChange(step: KeyStep): step is Change {
  return step.act !== 'make'
}

/** A key that was not looked after for long may be due for two: the removal, which comes last, includes the other. */
function oneForEachKey(changes: readonly Change[]): readonly Change[] {
  return [...new Map(changes.map((change) => [change.kid, change])).values()]
}

async function transitionOf(
  { act, kid, version, purpose }: Change,
  at: number,
  plan: KeyPlan,
  latestEnd: KeySchedule['latestEnd'],
): Promise<KeyTransition> {
  if (act === 'activate') return { kid, version, to: 'active', at }
  if (act === 'disarm') return { kid, version, to: 'retiring', at, wrapped: null }
  if (act === 'remove') return { kid, version, to: 'retired', at }
  const removableAt = removableFrom(purpose, at, await latestEnd(purpose), plan)
  return { kid, version, to: 'retiring', at, removableAt }
}

function eventOf(at: number): (change: Change) => KeyEvent {
  return ({ act, kid, purpose }) =>
    act === 'activate'
      ? { type: 'key-activated', kid, purpose, at, cause: 'schedule' }
      : { type: 'key-state-changed', kid, purpose, at, cause: causes[act] }
}

const causes: Readonly<Record<'retire' | 'disarm' | 'remove', string>> = {
  retire: 'retiring',
  disarm: 'private-part-destroyed',
  remove: 'retired',
}
