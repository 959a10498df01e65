import { median } from '../result.ts'

/** Something whose work is timed beside others. */
export interface Timed {
  readonly name: string
  /** Acts in one slice at least, where fewer would not be like its use; a part is then one slice. */
  readonly fewest?: number
  /** Makes the input for so many acts, untimed; what it answers does them, and says how many came out right. */
  prepare(count: number): () => number | Promise<number>
}

/** Acts a second of one subject, round by round. */
export interface Turns {
  readonly name: string
  readonly rates: readonly number[]
}

export interface TurnsOptions {
  readonly rounds: number
  /** Length of one subject's part of one round. */
  readonly seconds: number
}

/**
 * Lets the subjects take turns, in short parts of many slices and changing order: what slows the machine for a while
 * falls on neighbours, whose rates are compared within the round.
 */
export async function takeTurns(
  subjects: readonly Timed[],
  options: TurnsOptions,
): Promise<readonly Turns[]> {
  const counts = new Map<Timed, number>()
  for (const subject of subjects) counts.set(subject, await warmedUp(subject, options.seconds))
  const rates = new Map(subjects.map((subject): [Timed, number[]] => [subject, []]))
  for (let round = 0; round < options.rounds; round++)
    for (const subject of orderOf(subjects, round))
      rates.get(subject)?.push(await rateOf(subject, counts.get(subject) ?? FEWEST))
  return subjects.map((subject) => ({ name: subject.name, rates: rates.get(subject) ?? [] }))
}

/** Another one begins each round, and every second round goes backwards: each comes before and after each other. */
export function orderOf<T>(subjects: readonly T[], round: number): readonly T[] {
  const first = Math.floor(round / 2) % Math.max(1, subjects.length)
  const turned = [...subjects.slice(first), ...subjects.slice(0, first)]
  return round % 2 === 0 ? turned : turned.toReversed()
}

/** Works until its speed has settled; answers how many acts fill one slice. */
async function warmedUp(subject: Timed, seconds: number): Promise<number> {
  const until = performance.now() + WARM_UP_MILLISECONDS
  const fewest = subject.fewest ?? FEWEST
  let count = fewest
  // A busy machine gives less than the time, and its compiler needs acts
  for (let acts = 0; acts < WARM_UP_ACTS || performance.now() < until; acts += count) {
    const rate = await sliceRateOf(subject, count)
    count = Math.min(MOST, Math.max(fewest, Math.round((rate * seconds) / SLICES)))
  }
  return count
}

/** The middle one of the slices of a part: a slice in which the machine did something else tells nothing. */
async function rateOf(subject: Timed, count: number): Promise<number> {
  const slices = subject.fewest === undefined ? SLICES : 1
  const rates: number[] = []
  for (let slice = 0; slice < slices; slice++) rates.push(await sliceRateOf(subject, count))
  return median(rates)
}

async function sliceRateOf(subject: Timed, count: number): Promise<number> {
  const work = subject.prepare(count)
  const start = performance.now()
  const answer = work()
  const right = typeof answer === 'number' ? answer : await answer
  const seconds = (performance.now() - start) / 1000
  if (right !== count) throw new Error(`Cannot measure ${subject.name}: it answers wrongly`)
  return count / seconds
}

const SLICES = 15
const FEWEST = 8
/** More would make the garbage of the input the thing that is measured. */
const MOST = 4096
const WARM_UP_MILLISECONDS = 300
const WARM_UP_ACTS = 10_000
