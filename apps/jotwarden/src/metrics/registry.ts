import { formatFamily } from './exposition.ts'
import { type FamilyName, families } from './families.ts'

/** The numbers of one family, by the values of its labels. */
interface Series {
  readonly labels: readonly string[]
  /** Of a histogram the sum of what was observed. */
  value: number
  /** Of a histogram, one for each bucket and one for what is above them. */
  readonly counts: number[]
}

/** Every number that is kept between two readings. */
export class Registry {
  readonly #families = new Map<FamilyName, Map<string, Series>>()

  constructor() {
    for (const name of names) {
      const family = families[name]
      this.#families.set(name, new Map())
      // What happens seldom must be seen to rise from zero
      if (family.labels.length === 0 && family.type !== 'gauge') this.#series(name, [])
    }
  }

  /** Counts. Labels in the order of the table. */
  add(name: FamilyName, labels: readonly string[] = [], amount: number = 1): void {
    this.#series(name, labels).value += amount
  }

  /** Sets a gauge, or a counter that is kept elsewhere. */
  set(name: FamilyName, labels: readonly string[], value: number): void {
    this.#series(name, labels).value = value
  }

  /** Counts a value in its bucket. */
  observe(name: FamilyName, labels: readonly string[], value: number): void {
    const series = this.#series(name, labels)
    const { buckets = [] } = families[name]
    let bucket = 0
    while (bucket < buckets.length && value > (buckets[bucket] ?? 0)) bucket += 1
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
    series.value += value
  }

  /** Forgets a gauge whose labels come and go, before it is set anew. */
  clear(name: FamilyName): void {
    this.#families.get(name)?.clear()
  }

  /** Everything in Prometheus' text format. */
  text(): string {
    return names
      .map((name) => formatFamily(name, families[name], [...(this.#families.get(name)?.values() ?? [])]))
      .join('')
  }

  #series(name: FamilyName, labels: readonly string[]): Series {
    const all = this.#families.get(name) ?? new Map<string, Series>()
    const known = all.get(keyOf(labels))
    if (known !== undefined) return known
    if (all.size < MOST_SERIES) return begun(name, all, labels)
    // Values of labels are few; should that ever fail, memory must not
    const other = labels.map(() => 'other')
    return all.get(keyOf(other)) ?? begun(name, all, other)
  }
}

function begun(name: FamilyName, all: Map<string, Series>, labels: readonly string[]): Series {
  const { buckets = [] } = families[name]
  const series = { labels: [...labels], value: 0, counts: Array<number>(buckets.length + 1).fill(0) }
  all.set(keyOf(labels), series)
  return series
}

function keyOf(labels: readonly string[]): string {
  return labels.length === 1 ? (labels[0] ?? '') : labels.join('\0')
}

/** With the series that takes what is too much there is one more. */
const MOST_SERIES = 1000
const names = Object.keys(families).filter(isFamilyName)

function isFamilyName(name: string): name is FamilyName {
  return Object.hasOwn(families, name)
}
