import { median, type Result } from '../result.ts'
import { medianInterval } from './interval.ts'
import type { Turns } from './turns.ts'

/** Rates and times of every subject of one case, then each of our subjects' ratio to each of the others. */
export function figuresOf(
  of: string,
  turns: readonly Turns[],
  isOurs: (name: string) => boolean,
): readonly Result[] {
  const mine = turns.filter(({ name }) => isOurs(name))
  const others = turns.filter(({ name }) => !isOurs(name))
  return [
    ...turns.flatMap((one) => speedsOf(of, one)),
    ...mine.flatMap((one) => others.map((other) => ratioOf(of, one, other))),
  ]
}

function speedsOf(of: string, { name, rates }: Turns): readonly Result[] {
  const times = rates.map((rate) => 1e9 / rate)
  return [
    { case: of, subject: name, metric: 'rate', value: median(rates), unit: '1/s', rounds: rates },
    { case: of, subject: name, metric: 'time', value: median(times), unit: 'ns', rounds: times },
  ]
}

function ratioOf(of: string, one: Turns, other: Turns): Result {
  const rounds = one.rates.map((rate, round) => rate / (other.rates[round] ?? Number.NaN))
  return {
    case: of,
    subject: `${one.name}/${other.name}`,
    metric: 'ratio',
    value: median(rounds),
    unit: '×',
    rounds,
    interval: medianInterval(rounds),
  }
}
