import { type BundleTarget, bundleOf } from './bundle.ts'
import type { BenchmarkOptions, JudgedAim, Report, Result } from './result.ts'

/** What an application downloads for `createVerifier` alone, and of which files that consists. */
export async function bundleBenchmark(options: BenchmarkOptions): Promise<Report> {
  const results: Result[] = []
  const aims: JudgedAim[] = []
  for (const target of TARGETS) {
    const { gzip, imports, modules } = await bundleOf(CREATE_VERIFIER, target)
    const of = `createVerifier, ${target}`
    results.push(sizeOf(of, 'minified, gzip', gzip))
    for (const [file, bytes] of modules) results.push(sizeOf(of, file, bytes))
    aims.push({ case: of, aim: `≤ ${LARGEST_VERIFIER} bytes`, ...judged(gzip) })
    options.note(`${of}: imports ${imports.join(', ') || 'nothing'}`)
  }
  return { notes: ['bytes of a file are those before minifying'], results, aims }
}

function sizeOf(of: string, subject: string, value: number): Result {
  return { case: of, subject, metric: 'size', value, unit: 'B', rounds: [value] }
}

function judged(gzip: number): Pick<JudgedAim, 'measured' | 'verdict'> {
  return { measured: String(gzip), verdict: gzip <= LARGEST_VERIFIER ? 'met' : 'not met' }
}

const TARGETS: readonly BundleTarget[] = ['node', 'web']

/** The verifier as an API imports it; what is optional is a subpath of its own. */
export const CREATE_VERIFIER = "export { createVerifier } from '@jotwarden/verifier'"
/** In bytes, minified and compressed. */
export const LARGEST_VERIFIER = 12_000
