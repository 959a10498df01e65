import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A server under measurement, in a process of its own. */
export interface Subject {
  readonly name: string
  readonly origin: string
  /** Processor time of the process so far, all threads, in seconds; undefined where the system does not tell. */
  processorSeconds(): number | undefined
  /** Has the server write the bodies of `count` requests of a case into a file. */
  prepare(order: PrepareOrder): Promise<PreparedRequests>
  stop(): Promise<void>
}

export interface PrepareOrder {
  readonly case: string
  readonly count: number
  /** Where the bodies go, one a line. */
  readonly file: string
}

export interface PreparedRequests {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Whether one body may be sent again and again. */
  readonly repeatable: boolean
}

/** Starts `subjects/<name>.ts` with the same Node and waits for its first line, `{"port":…}`. */
export async function startSubject(name: string, args: readonly string[]): Promise<Subject> {
  const file = join(import.meta.dirname, 'subjects', `${name}.ts`)
  const child = spawn(process.execPath, ['--conditions=jotwarden-source', file, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000)
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  async function answer(): Promise<unknown> {
    const line = await lines.next()
    if (line.done === true) throw new Error(`Cannot measure ${name}: its process has ended\n${said}`)
    return JSON.parse(line.value)
  }

  const { port } = (await answer()) as { readonly port: number }
  return {
    name,
    origin: `http://127.0.0.1:${port}`,
    processorSeconds: () => processorSeconds(child.pid ?? 0),
    async prepare(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`)
      return (await answer()) as PreparedRequests
    },
    stop: () => stopped(child),
  }
}

/** From Linux's `/proc`, which counts in hundredths of a second. */
function processorSeconds(pid: number): number | undefined {
  const stat = `/proc/${pid}/stat`
  if (!existsSync(stat)) return undefined
  const fields = readFileSync(stat, 'utf8').split(') ')[1]?.split(' ') ?? []
  const [user, system] = fields.slice(11, 13).map(Number)
  return user === undefined || system === undefined ? undefined : (user + system) / 100
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.stdin?.end()
  const killer = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(killer)
}
