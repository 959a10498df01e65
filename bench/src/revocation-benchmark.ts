import { rmSync } from 'node:fs'
import type { BenchmarkOptions, Report, Result } from './result.ts'
import { startWorker, type Worker } from './revocation/worker.ts'
import { scratchFolder } from './scratch-folder.ts'

/**
 * How long a token is accepted after the authority answered that it is revoked: one authority and two verifiers in
 * processes of their own, the authority under load. The later of the two verifiers counts.
 */
export async function revocationBenchmark(options: BenchmarkOptions): Promise<Report> {
  const count = options.quick === true ? 20 : 200
  const results: Result[] = []
  const loads: Load[] = []
  const told = (kind: string, subject: string, times: readonly number[]) => {
    results.push(...figures(kind, subject, times))
    options.note(`${kind}: ${times.length}`)
  }
  loads.push(
    await withProcesses(0, async (authority, verifiers) => {
      for (const kind of KINDS)
        told(kind, 'jotwarden', await timesOf(count, () => once(kind, authority, verifiers)))
      const lines = await timesOf(count, () => bare(authority, verifiers))
      told('a line to an open answer', 'floor', lines)
    }),
  )
  // A key set has a hundred keys at most, and each is withdrawn once: several authorities, one after the other
  const times: number[] = []
  while (times.length < count) {
    const keys = Math.min(KEYS_AT_ONCE, count - times.length)
    loads.push(
      await withProcesses(keys, async (authority, verifiers) => {
        times.push(...(await timesOf(keys, () => once('key', authority, verifiers))))
      }),
    )
  }
  told('key', 'jotwarden', times)
  const failed = loads.reduce((sum, load) => sum + load.failed, 0)
  results.push({
    case: 'load beside',
    subject: 'jotwarden',
    metric: 'errors',
    value: failed,
    unit: '1',
    rounds: [],
  })
  const rate = loads[0]?.rate.toFixed(0) ?? ''
  return {
    notes: [...NOTES, `load: ${CALLERS} callers at the token endpoint, ${rate} answers a second`],
    results,
  }
}

interface Load {
  /** Answers a second. */
  readonly rate: number
  readonly failed: number
}

/** One authority with so many keys to withdraw, two verifiers and a load, each in a process of its own. */
async function withProcesses(
  keys: number,
  act: (authority: Worker, verifiers: readonly Worker[]) => Promise<void>,
): Promise<Load> {
  const folder = scratchFolder()
  const authority = startWorker('authority.ts', folder, String(keys))
  const verifiers = [startWorker('verifier.ts'), startWorker('verifier.ts')]
  const load = startWorker('load.ts')
  try {
    const where = await authority.ask<object>({ act: 'where' })
    await Promise.all(verifiers.map((verifier) => verifier.ask({ act: 'open', ...where })))
    await load.ask({ act: 'begin', ...where, callers: CALLERS })
    await act(authority, verifiers)
    const answered = await load.ask<Load>({ act: 'end' })
    await Promise.all(verifiers.map((verifier) => verifier.ask({ act: 'close' })))
    await authority.ask({ act: 'close' })
    return answered
  } finally {
    await Promise.all([authority, load, ...verifiers].map((worker) => worker.stop()))
    rmSync(folder, { recursive: true })
  }
}

async function timesOf(count: number, run: () => Promise<number>): Promise<readonly number[]> {
  const times: number[] = []
  while (times.length < count) times.push(await run())
  return times
}

/** Milliseconds from the authority's answer to the last acceptance; 0 when none came after it. */
async function once(kind: string, authority: Worker, verifiers: readonly Worker[]): Promise<number> {
  const minted = await authority.ask<{ token: string }>({ act: 'mint', kind })
  await Promise.all(verifiers.map((verifier) => verifier.ask({ act: 'watch', token: minted.token })))
  const { answeredAt } = await authority.ask<{ answeredAt: number }>({ act: 'revoke', kind, ...minted })
  return lastAcceptance(verifiers, answeredAt)
}

let texts = 0

async function bare(authority: Worker, verifiers: readonly Worker[]): Promise<number> {
  texts += 1
  const text = `line-${texts}`
  await Promise.all(verifiers.map((verifier) => verifier.ask({ act: 'watchBare', text })))
  const { answeredAt } = await authority.ask<{ answeredAt: number }>({ act: 'say', text })
  return lastAcceptance(verifiers, answeredAt)
}

async function lastAcceptance(verifiers: readonly Worker[], answeredAt: number): Promise<number> {
  const last = await Promise.all(
    verifiers.map((verifier) => verifier.ask<{ acceptedAt: number }>({ act: 'watched' })),
  )
  return Math.max(0, ...last.map(({ acceptedAt }) => acceptedAt - answeredAt))
}

function figures(of: string, subject: string, times: readonly number[]): readonly Result[] {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  const figure = (metric: 'p50' | 'p99' | 'max', value: number): Result => ({
    case: of,
    subject,
    metric,
    value,
    unit: 'ms',
    rounds: [],
  })
  return [figure('p50', at(0.5)), figure('p99', at(0.99)), figure('max', at(1))]
}

const CALLERS = 8
const KEYS_AT_ONCE = 80
const KINDS = ['token', 'session', 'login', 'subject', 'client', 'issuer'] as const
const NOTES = [
  'time from the authority’s answer to the last acceptance at either of two verifiers, which verify without pause',
  'authority, verifiers and load in processes of their own on one machine; SQLite with synchronous=FULL',
]
