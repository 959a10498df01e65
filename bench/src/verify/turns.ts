/** Something whose work is timed beside others. */
export interface Timed {
  readonly name: string
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
 * Lets the subjects take turns, in short parts and changing order: what slows the machine for a moment falls on
 * neighbours, whose rates are compared within the round.
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

/** Works until its speed has settled; answers how many acts fill one part. */
async function warmedUp(subject: Timed, seconds: number): Promise<number> {
  const until = performance.now() + Math.max(300, seconds * 5000)
  let count = FEWEST
  let rate = 0
  while (performance.now() < until) {
    rate = await rateOf(subject, count)
    count = Math.min(MOST, Math.max(FEWEST, Math.round(rate * seconds)))
  }
  return count
}

async function rateOf(subject: Timed, count: number): Promise<number> {
  const work = subject.prepare(count)
  const start = performance.now()
  const answer = work()
  const right = typeof answer === 'number' ? answer : await answer
  const seconds = (performance.now() - start) / 1000
  if (right !== count) throw new Error(`Cannot measure ${subject.name}: it answers wrongly`)
  return count / seconds
}

const FEWEST = 16
/** More would make the garbage of the input the thing that is measured. */
const MOST = 4096
