import { type BenchmarkOptions, Misuse, type Report, type Result } from './result.ts'
import { type Aim, judgedAims, judgedTime } from './verify/aims.ts'
import { verifiersOf, verifyAlgorithms } from './verify/algorithm-cases.ts'
import { cachesOf } from './verify/cache-case.ts'
import { figuresOf } from './verify/figures.ts'
import { floodNames, floodResults, judgedFloods } from './verify/floods.ts'
import { verifyManyOf } from './verify/many-case.ts'
import { ours } from './verify/ours.ts'
import { rivals } from './verify/rivals.ts'
import { signAlgorithms, signersOf } from './verify/signing.ts'
import { type Timed, takeTurns } from './verify/turns.ts'

/** How fast tokens are verified, beside the bare cryptography and four other libraries, in this one process. */
export async function verifyBenchmark(options: BenchmarkOptions): Promise<Report> {
  const wanted = options.cases ?? []
  const known = [...CASES.keys(), ...floodNames]
  for (const one of wanted)
    if (!known.includes(one)) throw new Misuse(`Cannot measure ${one}: the cases are ${known.join(', ')}`)
  const results: Result[] = []
  for (const [of, subjectsOf] of CASES) {
    if (wanted.length > 0 && !wanted.includes(of)) continue
    const subjects = await subjectsOf(options.quick ? 128 : 512, options.only)
    results.push(...figuresOf(of, await takeTurns(subjects, options), isOurs))
    options.note(`${of}: ${options.rounds} rounds of ${subjects.map(({ name }) => name).join(', ')}`)
  }
  for (const of of floodNames) {
    if (wanted.length > 0 && !wanted.includes(of)) continue
    results.push(...(await floodResults(of, options.quick ? 300 : 3000, options.only)))
    options.note(of)
  }
  const aims = [
    ...judgedAims(AIMS, results),
    ...judgedTime({ case: CACHE_HIT, ours: 'jotwarden', most: 1000 }, results),
    ...judgedFloods(results),
  ]
  return { notes: NOTES, results, aims }
}

function isOurs(name: string): boolean {
  return ours.some((one) => one.name === name)
}

type SubjectsOf = (poolSize: number, only: readonly string[]) => Promise<readonly Timed[]>

const CACHE_HIT = 'cache hit'
const VERIFY_MANY = 'verifyMany ES256'
const CASES: ReadonlyMap<string, SubjectsOf> = new Map([
  ...verifyAlgorithms.map((alg): [string, SubjectsOf] => [alg, (size, only) => verifiersOf(alg, size, only)]),
  [CACHE_HIT, cachesOf],
  [VERIFY_MANY, verifyManyOf],
  ...signAlgorithms.map((alg): [string, SubjectsOf] => [
    `sign ${alg}`,
    (size, only) => signersOf(alg, size, only),
  ]),
])

const AIMS: readonly Aim[] = [
  { case: 'HS256', ours: 'token+policy', other: 'floor', least: 0.7 },
  { case: 'HS256', ours: 'token+policy', other: 'fast-jwt', least: 1.8 },
  { case: 'RS256', ours: 'jotwarden', other: 'floor', least: 0.9 },
  { case: 'ES256', ours: 'jotwarden', other: 'floor', least: 0.97 },
  { case: 'Ed25519', ours: 'jotwarden', other: 'floor', least: 0.97 },
  { case: CACHE_HIT, ours: 'jotwarden', other: 'fast-jwt', least: 5 },
  { case: CACHE_HIT, ours: 'jotwarden-sync', other: 'fast-jwt', least: 5 },
  { case: VERIFY_MANY, ours: 'jotwarden', other: 'floor', least: 1.5 },
  { case: 'sign ES256', ours: 'jotwarden', other: 'floor', least: 0.9 },
  ...verifyAlgorithms.flatMap((alg) => notSlower(alg, alg === 'HS256' ? 'token+policy' : 'jotwarden')),
  ...signAlgorithms.flatMap((alg) => notSlower(`sign ${alg}`, 'jotwarden')),
]

function notSlower(of: string, subject: string): readonly Aim[] {
  return rivals.map(({ name }) => ({ case: of, ours: subject, other: name, least: 'not slower' }))
}

const NOTES = [
  'one process; short parts in changing order, of each of which the middle slice counts; medians of the rounds, and of the ratios within each round, with their 95 % interval',
  'floor: node:crypto alone on prepared bytes and a prepared key; jotwarden: createVerifier().verify, awaited; jotwarden-sync: verifySync; token+policy: verify and decide of the core packages',
  'every text is made anew and verified once; issuer, audience and expiry are checked by each; caches are off',
  'fast-jwt knows Ed25519 by its older name EdDSA, and gets tokens that say so; who is missing does not know the algorithm',
  'cache hit: all tokens were accepted before; the floor is a Map of them. Floods: one pass, every token refused; MB: what the heap has grown by after collection',
  'verifyMany: its floor is one thread; what else the machine does on its other cores is missing from it',
  'an aim is open where it lies within the interval',
]
