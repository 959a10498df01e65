import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { PreparedRequests } from './subject.ts'

/** What one timed part gave. */
export interface Load {
  /** Answers with a 2xx or 3xx status. */
  readonly answers: number
  readonly seconds: number
  /** Answers with another status, broken connections and time-outs. */
  readonly errors: number
  readonly p50: number
  readonly p99: number
  /** Whether the bodies ran out before the time did, which makes the figures worthless. */
  readonly exhausted: boolean
}

export interface LoadOrder {
  readonly origin: string
  readonly requests: PreparedRequests
  /** The prepared bodies, one a line. */
  readonly file: string
  readonly seconds: number
  readonly connections: number
}

/** What can make the load, the better first. */
export interface LoadGenerator {
  readonly name: string
  /** For the notes of a report. */
  readonly note: string
  isInstalled(): boolean
  /** Runs the load from a process of its own. */
  run(order: LoadOrder): Promise<Load>
}

export const loadGenerators: readonly [LoadGenerator, LoadGenerator] = [
  {
    name: 'wrk',
    note: 'load: wrk, one thread',
    isInstalled: () => spawnSync('wrk', ['--version']).error === undefined,
    run: async (order) => figuresIn(await printedByWrk(order)),
  },
  {
    name: 'node',
    note: 'load: WRK IS MISSING, so a generator in Node was used: it takes more time from the subjects, and its figures do not compare with those of wrk (Debian: apt-get install wrk)',
    isInstalled: () => true,
    run: async (order) => figuresIn(await printedByNode(order)),
  },
]

/** The best generator that is installed. */
export function loadGenerator(): LoadGenerator {
  const [wrk, node] = loadGenerators
  return wrk.isInstalled() ? wrk : node
}

function figuresIn(printed: string): Load {
  const line = printed.split('\n').find((one) => one.startsWith('{'))
  if (line === undefined) throw new Error(`Cannot measure: the load generator gave no figures\n${printed}`)
  return JSON.parse(line) as Load
}

function printedByWrk(order: LoadOrder): Promise<string> {
  const script = join(import.meta.dirname, 'load.lua')
  const { origin, requests, file, seconds, connections } = order
  const headers = Object.entries(requests.headers).flat()
  return printedBy('wrk', [
    '--threads=1',
    `--connections=${connections}`,
    `--duration=${seconds}s`,
    `--script=${script}`,
    origin,
    '--',
    requests.path,
    file,
    requests.repeatable ? 'repeat' : 'once',
    ...headers,
  ])
}

function printedByNode(order: LoadOrder): Promise<string> {
  return printedBy(process.execPath, [join(import.meta.dirname, 'load-generator.ts'), JSON.stringify(order)])
}

async function printedBy(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [printed, complaints] = await Promise.all([text(child.stdout), text(child.stderr)])
  return printed + complaints
}
