import { expiredFrom, isWorn, type KeyPlan, type KeyRecord, keyPurposes } from '@jotwarden/keyring'
import type { Diagnosis } from './diagnosis.ts'

/** What is known of the keys; times in seconds. */
export interface KeyFacts {
  readonly records: readonly KeyRecord[]
  /** Ids of keys that the key-encryption key does not open. */
  readonly unreadable: ReadonlySet<string>
  readonly now: number
  readonly plan: KeyPlan
}

/** Whether each purpose has a key that works and a spare that could take its place, and how old the keys are. */
export function keyDiagnoses(facts: KeyFacts): readonly Diagnosis[] {
  const { records, unreadable } = facts
  if (records.length === 0) return [note('keys', 'are not made yet', 'The first start makes them')]
  return Object.values(keyPurposes).flatMap(({ purpose, spare }) => {
    const of = records.filter((record) => record.purpose === purpose)
    return [
      ...missing(of, purpose, spare),
      ...of.filter(({ kid }) => unreadable.has(kid)).map(closed),
      ...of.flatMap((record) => [...old(record, facts), ...worn(record, facts)]),
    ]
  })
}

function missing(of: readonly KeyRecord[], purpose: string, spare: boolean): readonly Diagnosis[] {
  const diagnoses: Diagnosis[] = []
  if (!of.some(({ state }) => state === 'active'))
    diagnoses.push({
      severity: 'error',
      subject: `keys: ${purpose}`,
      problem: 'has no active key, so that the server cannot start or work',
      remedy: 'Look at `jotwarden keys list`; put back a copy of the store in which it has one',
    })
  if (spare && !of.some(({ state }) => state === 'pending'))
    diagnoses.push({
      severity: 'warning',
      subject: `keys: ${purpose}`,
      problem: 'has no spare: when its key has to be withdrawn, nothing can take its place at once',
      remedy: 'Look at `jotwarden keys list`, and in the log for why none was made',
    })
  return diagnoses
}

function closed({ kid, purpose, state }: KeyRecord): Diagnosis {
  return {
    severity: state === 'active' ? 'error' : 'warning',
    subject: `keys: ${purpose}`,
    problem: `${kid} (${state}) cannot be opened with the key-encryption key that is configured`,
    remedy:
      'Restore the key-encryption key that belongs to this store; when it is lost for good, `jotwarden keys replace-lost`',
  }
}

/** A server replaces keys by their plan; that it did not, somebody has to know before nothing can be signed. */
function old(record: KeyRecord, { now, plan }: KeyFacts): readonly Diagnosis[] {
  const { kid, purpose, state, activatedAt } = record
  const since = activatedAt ?? record.createdAt
  const days = Math.floor((now - since) / DAY)
  if (state !== 'active' || now <= since + plan.purposes[purpose].rotationPeriod + DAY) return []
  const isExpired = now >= expiredFrom(record, plan)
  const problem = isExpired
    ? `${kid} has been in use for ${days} days and may not protect anything more: keys.cryptoperiod is over`
    : `${kid} has been in use for ${days} days, longer than planned`
  const remedy = 'A running server replaces it within a minute; look in its log for why it does not'
  return [{ severity: isExpired ? 'error' : 'warning', subject: `keys: ${purpose}`, problem, remedy }]
}

/** As `old`, by use. A spare takes its place as soon as everybody knows it. */
function worn(record: KeyRecord, { plan }: KeyFacts): readonly Diagnosis[] {
  const { kid, purpose, state, uses } = record
  if (state !== 'active' || !isWorn(record, plan)) return []
  return [
    {
      severity: 'warning',
      subject: `keys: ${purpose}`,
      problem: `${kid} has been used ${uses.toLocaleString('en')} times, as often as it should`,
      remedy:
        'A running server replaces it as soon as its spare is known everywhere; look in its log when it does not',
    },
  ]
}

function note(subject: string, problem: string, remedy: string): Diagnosis {
  return { severity: 'note', subject, problem, remedy }
}

const DAY = 86_400
