import { SeededRandom } from '../random.ts'
import { type Entry, entries } from './entries.ts'

/** An entry that threw what it may not throw. */
export interface Fault {
  readonly entry: string
  readonly seed: number
  readonly number: number
  readonly input: string
  readonly error: string
}

/** Gives the entry of that number something strange; undefined when it answered or refused as it may. */
export function totalityFault(seed: number, number: number): Fault | undefined {
  const random = SeededRandom.of(seed, number, TOTALITY)
  const entry = entries[number % entries.length] as Entry
  const input = entry.input(random)
  try {
    entry.take(input)
    return undefined
  } catch (error) {
    if (error instanceof entry.refusal) return undefined
    return { entry: entry.name, seed, number, input: shown(input), error: String(error) }
  }
}

function shown(input: unknown): string {
  if (input instanceof Uint8Array) return `bytes ${Buffer.from(input).toString('hex')}`
  if (typeof input === 'string') return JSON.stringify(input)
  return (
    JSON.stringify(input, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)) ??
    typeof input
  )
}

/** Apart from the numbers of mutations. */
const TOTALITY = 1_000_000
