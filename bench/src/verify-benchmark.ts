import type { BenchmarkOptions, Report, Result } from './result.ts'
import { type Aim, judgedAims } from './verify/aims.ts'
import { verifiersOf, verifyAlgorithms } from './verify/algorithm-cases.ts'
import { figuresOf } from './verify/figures.ts'
import { ours } from './verify/ours.ts'
import { rivals } from './verify/rivals.ts'
import { takeTurns } from './verify/turns.ts'

/** How fast tokens are verified, beside the bare cryptography and four other libraries, in this one process. */
export async function verifyBenchmark(options: BenchmarkOptions): Promise<Report> {
  const wanted = options.cases ?? []
  const poolSize = options.quick ? 128 : 512
  const results: Result[] = []
  for (const alg of verifyAlgorithms) {
    if (wanted.length > 0 && !wanted.includes(alg)) continue
    const subjects = await verifiersOf(alg, poolSize, options.only)
    results.push(...figuresOf(alg, await takeTurns(subjects, options), isOurs))
    options.note(`${alg}: ${options.rounds} rounds of ${subjects.map(({ name }) => name).join(', ')}`)
  }
  return { notes: NOTES, results, aims: judgedAims(AIMS, results) }
}

function isOurs(name: string): boolean {
  return ours.some((one) => one.name === name)
}

const AIMS: readonly Aim[] = [
  { case: 'HS256', ours: 'token+policy', other: 'floor', least: 0.7 },
  { case: 'HS256', ours: 'token+policy', other: 'fast-jwt', least: 1.8 },
  { case: 'RS256', ours: 'jotwarden', other: 'floor', least: 0.9 },
  { case: 'ES256', ours: 'jotwarden', other: 'floor', least: 0.97 },
  { case: 'Ed25519', ours: 'jotwarden', other: 'floor', least: 0.97 },
  ...verifyAlgorithms.flatMap((alg) =>
    rivals.map(({ name }) => ({
      case: alg,
      ours: alg === 'HS256' ? 'token+policy' : 'jotwarden',
      other: name,
      least: 'not slower' as const,
    })),
  ),
]

const NOTES = [
  'one process; short parts in changing order; medians of the rounds, and of the ratios within each round, with their 95 % interval',
  'floor: node:crypto alone on prepared bytes and a prepared key; jotwarden: createVerifier().verify; token+policy: verify and decide of the core packages',
  'every text is made anew and verified once; issuer, audience and expiry are checked by each; caches are off',
  'fast-jwt knows Ed25519 by its older name EdDSA, and gets tokens that say so; who is missing does not know the algorithm',
  'an aim is open where it lies within the interval',
]
