import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type AnswerShape, answerShape } from './answer-shape.ts'
import { type LoadGenerator, loadGenerator } from './load.ts'
import { liesInMemory } from './machine.ts'
import type { BenchmarkOptions, Report } from './result.ts'
import { type Round, rateOf, resultsOf, type TimedLoad } from './rounds.ts'
import { scratchFolder } from './scratch-folder.ts'
import { type Subject, startSubject } from './subject.ts'

/** How many tokens a second: issued to clients, and rotated, against oidc-provider and against bare `node:http`. */
export async function authorityBenchmark(options: BenchmarkOptions): Promise<Report> {
  const folder = scratchFolder()
  const subjects: Subject[] = []
  try {
    if (liesInMemory(folder))
      throw new Error('Cannot measure: the repository lies in memory, where durable commits cost nothing')
    for (const name of chosen(options)) subjects.push(await startSubject(name, [folder, '--id-token']))
    const generator = loadGenerator()
    const bench = { subjects, folder, options, generator, rates: new Map<string, number>() }
    const shapes = await shapesOf(bench)
    const rounds = await roundsOf(bench)
    return { notes: [loadNote(bench), ...shapes], results: resultsOf(CASES, chosen(options), rounds) }
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Bench {
  readonly subjects: readonly Subject[]
  readonly folder: string
  readonly options: BenchmarkOptions
  readonly generator: LoadGenerator
  /** The highest rate seen, by case and subject: so many bodies a second must be ready. */
  readonly rates: Map<string, number>
}

function chosen(options: BenchmarkOptions): readonly string[] {
  return SUBJECTS.filter((name) => options.only.length === 0 || options.only.includes(name))
}

function loadNote({ options, generator }: Bench): string {
  const timed = `${options.rounds} rounds of ${options.seconds} s after a warm-up, ${CONNECTIONS} connections`
  return `${generator.note}; ${timed}; medians`
}

/** Every subject must do the same work: what the answers hold is compared before anything is timed. */
async function shapesOf(bench: Bench): Promise<readonly string[]> {
  const notes: string[] = []
  for (const of of CASES) {
    const shapes = new Map<string, AnswerShape>()
    for (const subject of bench.subjects) {
      const file = join(bench.folder, `${subject.name}.bodies`)
      const requests = await subject.prepare({ case: of, count: 1, file })
      shapes.set(subject.name, await answerShape(subject, of, requests, file))
    }
    const counts = new Set([...shapes.values()].map((shape) => shape.signatures))
    const shown = [...shapes].map(
      ([name, shape]) => `${name} ${shape.signatures} ES256, ${shape.bytes} bytes`,
    )
    if (counts.size > 1)
      throw new Error(`Cannot compare ${of}: the subjects sign differently (${shown.join('; ')})`)
    notes.push(`${of}: one answer takes ${shown.join('; ')}`)
  }
  return notes
}

async function roundsOf(bench: Bench): Promise<readonly Round[]> {
  const { subjects, options } = bench
  for (const of of CASES) for (const subject of subjects) await timed(bench, subject, of, WARM_UP_SECONDS)
  const rounds: Round[] = []
  for (let round = 0; round < options.rounds; round += 1) {
    for (const of of CASES) {
      // Whoever goes first goes last the next time
      const order = round % 2 === 0 ? subjects : subjects.toReversed()
      for (const subject of order) {
        const load = await timed(bench, subject, of, options.seconds)
        rounds.push({ case: of, subject: subject.name, load })
        options.note(
          `round ${round + 1}/${options.rounds}  ${of}  ${subject.name}  ${rateOf(load).toFixed(0)}/s, ${load.errors} errors`,
        )
      }
    }
  }
  return rounds
}

/** One timed part, again with more bodies when they ran out. */
async function timed(bench: Bench, subject: Subject, of: string, seconds: number): Promise<TimedLoad> {
  const key = `${of} ${subject.name}`
  const file = join(bench.folder, `${subject.name}.bodies`)
  for (let margin = 1.5; ; margin *= 2) {
    const expected = bench.rates.get(key) ?? FIRST_RATE
    const count = Math.ceil(expected * seconds * margin) + CONNECTIONS
    const requests = await subject.prepare({ case: of, count, file })
    const before = subject.processorSeconds()
    const load = await bench.generator.run({
      origin: subject.origin,
      requests,
      file,
      seconds,
      connections: CONNECTIONS,
    })
    const processor = (subject.processorSeconds() ?? Number.NaN) - (before ?? Number.NaN)
    if (load.exhausted) continue
    bench.rates.set(key, Math.max(bench.rates.get(key) ?? 0, rateOf(load)))
    return { ...load, processorMicroseconds: (processor / load.answers) * 1e6 }
  }
}

const SUBJECTS = ['jotwarden', 'oidc-provider', 'floor']
const CASES = ['client-credentials', 'refresh']
const CONNECTIONS = 32
const WARM_UP_SECONDS = 2
const FIRST_RATE = 5000
