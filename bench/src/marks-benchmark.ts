import { spawnSync } from 'node:child_process'
import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { Mark, MarkedToken, MarkKind } from '@jotwarden/policy'
import { type BenchmarkOptions, median, type Report, type Result } from './result.ts'

/** What the marks at hand cost every request, and the process that keeps them. */
export async function marksBenchmark(options: BenchmarkOptions): Promise<Report> {
  const subjects = SUBJECTS.filter((name) => options.only.length === 0 || options.only.includes(name))
  const rounds: Figure[] = []
  for (let round = 0; round < options.rounds; round++) {
    // Whoever goes first goes last the next time
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      for (const task of tasksOf(subject)) rounds.push(...measured(task))
      options.note(`round ${round + 1}/${options.rounds}  ${subject}`)
    }
  }
  return { notes: NOTES, results: resultsOf(rounds) }
}

interface Task {
  readonly subject: string
  readonly measure: 'time' | 'memory'
  /** The marks are of these in turn. */
  readonly kinds: readonly MarkKind[]
  readonly marks: number
}

type Figure = Omit<Result, 'rounds'>

interface Rival {
  add(mark: Mark): void
  refuses(token: MarkedToken): unknown
}

function tasksOf(subject: string): readonly Task[] {
  const timed = [0, 1000, MILLION].map((marks): Task => ({ subject, measure: 'time', kinds: MIXED, marks }))
  const alone: Task = { subject, measure: 'time', kinds: ['token'], marks: MILLION }
  const held = (['token', 'subject'] as const).map(
    (kind): Task => ({ subject, measure: 'memory', kinds: [kind], marks: MILLION }),
  )
  return [...timed, alone, ...(subject === 'floor' ? [] : held)]
}

/** Runs this file in a process of its own. */
function measured(task: Task): readonly Figure[] {
  const flags = ['--conditions=jotwarden-source', '--expose-gc']
  const child = spawnSync(process.execPath, [...flags, import.meta.filename, JSON.stringify(task)], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.status !== 0) throw new Error(`Cannot measure ${task.subject}: its process has ended`)
  return JSON.parse(child.stdout) as readonly Figure[]
}

function resultsOf(figures: readonly Figure[]): readonly Result[] {
  const groups = Object.values(Object.groupBy(figures, (one) => `${one.case}\n${one.metric}\n${one.subject}`))
  return groups
    .flatMap((group = []) => {
      const rounds = group.map((figure) => figure.value)
      return group.slice(0, 1).map((figure) => ({ ...figure, value: median(rounds), rounds }))
    })
    .toSorted((a, b) =>
      `${a.metric} ${a.case}`.localeCompare(`${b.metric} ${b.case}`, 'en', { numeric: true }),
    )
}

async function figuresOf(task: Task): Promise<readonly Figure[]> {
  const rival = await rivalOf(task.subject)
  return task.measure === 'time' ? timesOf(task, rival) : memoryOf(task, rival)
}

async function rivalOf(subject: string): Promise<Rival> {
  if (subject === 'floor') return new Floor()
  if (subject === 'map') return new MapOfMarks()
  const { MarkSet } = await import('@jotwarden/policy')
  return new MarkSet({ seed: 4711 })
}

function memoryOf({ subject, kinds: [kind = 'token'], marks }: Task, rival: Rival): readonly Figure[] {
  const of = `${marks} ${kind} marks`
  // Lets the young generation grow to its full size before the first reading
  for (let index = 0; index < marks; index++) markOf(kind, index)
  const before = memoryNow()
  let pause = 0
  for (let index = 0; index < marks; index++) {
    const mark = markOf(kind, index)
    const start = performance.now()
    rival.add(mark)
    pause = Math.max(pause, performance.now() - start)
  }
  const peak = process.resourceUsage().maxRSS * 1024
  const after = memoryNow()
  if (rival.refuses(tokenOf(randomId())) !== null)
    throw new Error(`Cannot measure ${subject}: it refuses all`)
  return [
    {
      case: `${of}, resident`,
      subject,
      metric: 'memory',
      value: (after.resident - before.resident) / 1e6,
      unit: 'MB',
    },
    {
      case: `${of}, heap and buffers`,
      subject,
      metric: 'memory',
      value: (after.held - before.held) / 1e6,
      unit: 'MB',
    },
    { case: `${of}, resident`, subject, metric: 'peak', value: (peak - before.resident) / 1e6, unit: 'MB' },
    { case: `${of}, longest add`, subject, metric: 'pause', value: pause, unit: 'ms' },
  ]
}

function memoryNow(): { readonly resident: number; readonly held: number } {
  for (let times = 0; times < 3; times++) globalThis.gc?.()
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
  return { resident: rss, held: heapUsed + arrayBuffers }
}

function timesOf({ subject, kinds, marks }: Task, rival: Rival): readonly Figure[] {
  const known: string[] = []
  for (let index = 0; index < marks; index++) {
    const mark = markOf(kinds[index % kinds.length] ?? 'token', index)
    if (mark.kind === 'token' && known.length < 100_000) known.push(mark.id)
    rival.add(mark)
  }
  // So that the look-ups of clients and keys are not those of an empty table
  for (let index = 0; index < Math.min(marks, 10); index++)
    for (const kind of ['client', 'key'] as const) rival.add(markOf(kind, index))
  const of = kinds.length > 1 ? `${marks} mixed marks` : `${marks} ${kinds[0]} marks`
  const miss = nanosecondsOf(subject, rival, null, () => tokenOf(randomId()))
  const figures: Figure[] = [{ case: `${of}, miss`, subject, metric: 'time', value: miss, unit: 'ns' }]
  if (marks === 0) return figures
  const hit = nanosecondsOf(subject, rival, 'token', () => tokenOf(known[randomInt(known.length)] ?? ''))
  return [...figures, { case: `${of}, hit`, subject, metric: 'time', value: hit, unit: 'ns' }]
}

/**
 * The median over batches of the time of one call. Every token is asked about once, as it came out of `JSON.parse`: a
 * text that was looked up before would have its hash at hand, which no request has.
 */
function nanosecondsOf(subject: string, rival: Rival, expected: unknown, fresh: () => MarkedToken): number {
  const times: number[] = []
  for (let batch = 0; batch < WARM_UP_BATCHES + BATCHES; batch++) {
    const texts = Array.from({ length: BATCH }, () => JSON.stringify(fresh()))
    const tokens = texts.map((text) => JSON.parse(text) as MarkedToken)
    let right = 0
    const start = performance.now()
    for (const token of tokens) if (rival.refuses(token) === expected) right++
    times.push(((performance.now() - start) * 1e6) / BATCH)
    if (right !== BATCH) throw new Error(`Cannot measure ${subject}: it answers wrongly`)
  }
  return median(times.slice(WARM_UP_BATCHES))
}

function markOf(kind: MarkKind, index: number): Mark {
  const prefix = kind === 'subject' ? 'usr_' : ''
  return { kind, id: prefix + randomId(), number: index + 1, expiresAt: 2_000_000_000 + (index % 3600) }
}

function tokenOf(jti: string): MarkedToken {
  return {
    iss: 'https://auth.example.com',
    kid: KID,
    client_id: `cli_${randomId()}`,
    sub: `usr_${randomId()}`,
    login: randomId(),
    sid: randomId(),
    jti,
    rev: 12,
  }
}

function randomId(): string {
  if (used === POOL.length) {
    randomBytes(POOL.length).copy(POOL)
    used = 0
  }
  used += 16
  return POOL.toString('base64url', used - 16, used)
}

/** A mark an entry, under a text of kind and id: what one would write without a thought of memory. */
class MapOfMarks implements Rival {
  readonly #marks = new Map<string, Mark>()

  add(mark: Mark): void {
    this.#marks.set(`${mark.kind} ${mark.id}`, mark)
  }

  refuses(token: MarkedToken): MarkKind | null {
    const asked = [
      ['issuer', token.iss],
      ['key', token.kid],
      ['client', token.client_id],
      ['subject', token.sub],
      ['login', token.login],
      ['session', token.sid],
      ['token', token.jti],
    ] as const
    for (const [kind, id] of asked) {
      const mark = id === undefined ? undefined : this.#marks.get(`${kind} ${id}`)
      if (mark !== undefined && (!ORDERED.includes(kind) || (token.rev ?? 0) < mark.number)) return kind
    }
    return null
  }
}

/** One look-up of one text: less cannot be done. */
class Floor implements Rival {
  readonly #ids = new Set<string>()

  add(mark: Mark): void {
    this.#ids.add(mark.id)
  }

  refuses(token: MarkedToken): 'token' | null {
    return this.#ids.has(token.jti) ? 'token' : null
  }
}

const SUBJECTS = ['mark-set', 'map', 'floor']
const MIXED: readonly MarkKind[] = ['token', 'session', 'login', 'subject']
const ORDERED: readonly MarkKind[] = ['subject', 'client', 'issuer']
const MILLION = 1_000_000
const BATCH = 500
const BATCHES = 300
const WARM_UP_BATCHES = 100
const KID = createHash('sha256').update('a key').digest('base64url')
const POOL = Buffer.alloc(1 << 16)
let used: number = POOL.length
const NOTES = [
  'mark-set: MarkSet of @jotwarden/policy; map: a Map of marks under a text of kind and id; floor: Set.has of the jti',
  'each round of each row in a process of its own; medians; tokens fresh from JSON.parse, each asked about once',
  'mixed: token, session, login and subject in equal parts; with any marks, 10 of client and key besides; a hit is on the jti, which is looked up last',
]

if (import.meta.main) {
  const task = JSON.parse(process.argv[2] ?? '') as Task
  process.stdout.write(JSON.stringify(await figuresOf(task)))
}
