import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly folder: string
  readonly stdin?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** A folder of its own under the system's temporary one. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'jotwarden-'))
}

/** Runs the command in a real process, from source. */
export async function jotwarden(words: readonly string[], options: RunOptions): Promise<Ended> {
  const child = start(words, options)
  child.stdin?.end(options.stdin ?? '')
  return ended(child)
}

/** A server in a process of its own. */
export interface Running<Ready = Readonly<Record<string, unknown>>> {
  readonly pid: number
  /** The JSON line that it printed once it answered. */
  readonly ready: Ready
  /** Sends SIGHUP, and waits for what it says of it. */
  reload(): Promise<Readonly<Record<string, unknown>>>
  /** Sends the signal to this process id, and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

/** Starts `serve --json …` and waits for its ready line. Rejects with what it wrote when it ends before. */
export async function serving<Ready = Readonly<Record<string, unknown>>>(
  words: readonly string[],
  options: RunOptions,
): Promise<Running<Ready>> {
  const child = start(['serve', '--json', ...words], options)
  child.stdin?.end()
  const end = ended(child)
  const nextLine = linesOf(child)
  const line = await Promise.race([nextLine(), end])
  if (typeof line !== 'string') throw new Error(`It ended with ${line.code}: ${line.stdout}${line.stderr}`)
  return {
    pid: child.pid ?? 0,
    ready: JSON.parse(line),
    reload: async () => {
      child.kill('SIGHUP')
      const told = await Promise.race([nextLine(), end])
      if (typeof told !== 'string')
        throw new Error(`It ended with ${told.code}: ${told.stdout}${told.stderr}`)
      return JSON.parse(told)
    },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return end
    },
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (typeof address !== 'object' || address === null) throw new Error('The server has no address')
  return address.port
}

// Each command is a process of its own; without the cache every one of them compiles the whole house anew.
const compileCache = temporaryFolder()

/** The command as it stands in the checkout. */
export const bin: string = fileURLToPath(new URL('../bin/jotwarden.js', import.meta.url))

function start(words: readonly string[], options: RunOptions): ChildProcess {
  return spawn(process.execPath, ['--conditions=jotwarden-source', bin, ...words], {
    cwd: options.folder,
    env: {
      PATH: process.env.PATH,
      HOME: options.folder,
      NODE_COMPILE_CACHE: compileCache,
      ...options.environment,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

async function ended(child: ChildProcess): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>()
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  child.on('error', reject)
  child.on('close', (code) => resolve({ code, stdout, stderr }))
  return promise
}

/** Answers the lines of standard output one after the other, each once it is there. */
function linesOf(child: ChildProcess): () => Promise<string> {
  const lines: string[] = []
  const waiting: ((line: string) => void)[] = []
  let rest = ''
  child.stdout?.on('data', (chunk) => {
    const [last = '', ...whole] = `${rest}${chunk}`.split('\n').reverse()
    rest = last
    for (const line of whole.reverse()) {
      const taker = waiting.shift()
      if (taker === undefined) lines.push(line)
      else taker(line)
    }
  })
  return async () => lines.shift() ?? new Promise((resolve) => waiting.push(resolve))
}
