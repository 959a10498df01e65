import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './jotwarden-process.ts'
import { npxStandIn } from './npx-stand-in.ts'

// A guide is a page whose blocks are done in order, in one folder, as its reader would:
//   ```sh               run it; a ```text block after it is what it prints, `…` standing for anything within a line
//   ```sh background    a server: it goes on until the end, and the next block waits until it answers
//   ```ts NAME          save it as NAME
//   ```toml NAME        append it to NAME
// Any other block is only read. Ports on 127.0.0.1 are replaced by free ones.

const root: string = fileURLToPath(new URL('../../../', import.meta.url))

/** A command of a guide, and what it did. */
export interface Step {
  readonly code: string
  readonly stdout: string
  /** What the guide says it prints; undefined when it says nothing. */
  readonly said: string | undefined
}

export interface Walked {
  readonly steps: readonly Step[]
  readonly status: number | null
  readonly stderr: string
}

/** Does what the guide says, in a folder that looks like a checkout. */
export async function walk(guide: string): Promise<Walked> {
  const page = await withFreePorts(readFileSync(join(root, 'docs/guides', guide), 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'jotwarden-guide-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const blocks = blocksOf(page)
  const { status, stdout, stderr } = await run(scriptOf(blocks), folder)
  const parts = stdout.split(MARK)
  const commands = blocks.flatMap((block, index) =>
    isCommand(block) ? [{ block, next: blocks[index + 1] }] : [],
  )
  const steps = commands.map(({ block, next }, index) => ({
    code: block.code,
    stdout: parts[index] ?? '',
    said: next?.language === 'text' ? next.code : undefined,
  }))
  return { steps, status, stderr }
}

/** Whether it printed what the guide says. */
export function saidSo({ stdout, said }: Step): boolean {
  if (said === undefined) return true
  const pattern = said
    .trimEnd()
    .split('…')
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^\\n]*')
  return new RegExp(`^${pattern}$`).test(stdout.trimEnd())
}

interface Block {
  readonly language: string
  readonly name: string
  readonly code: string
}

function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', name = '', code = '']) => ({ language, name, code }),
  )
}

function isCommand({ language, name }: Block): boolean {
  return language === 'sh' && name === ''
}

/** One shell for all of them, so that what one exports the next has. */
function scriptOf(blocks: readonly Block[]): string {
  const lines = blocks.map((block) => {
    const { language, name, code } = block
    if (isCommand(block)) return `${code}\nprintf '%s' '${MARK}'`
    if (language === 'sh' && name === 'background') return background(code)
    if (language === 'ts' && name !== '') return `cat > ${name} <<'${MARK}'\n${code}${MARK}`
    if (language === 'toml' && name !== '') return `cat >> ${name} <<'${MARK}'\n${code}${MARK}`
    return ''
  })
  return [
    'STARTED=',
    'trap \'for id in $STARTED; do kill "$id"; wait "$id" || true; done\' EXIT',
    ...lines,
  ].join('\n')
}

function background(code: string): string {
  // The shell becomes the server, so that the id that is ended is the server's
  return `: > server.log
(exec ${code.trim()}) >> server.log 2>&1 &
STARTED="$STARTED $!"
until grep -q listening server.log; do
  kill -0 "$!" || { cat server.log >&2; exit 1; }
  sleep 0.05
done`
}

function run(
  script: string,
  cwd: string,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const tools = npxStandIn()
  const environment = {
    PATH: [tools, process.env.PATH].join(delimiter),
    HOME: cwd,
    NODE_COMPILE_CACHE: tools,
  }
  const child = spawn('sh', ['-eu', '-c', script], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | null
    stdout: string
    stderr: string
  }>()
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.on('error', reject)
  child.on('close', (status) => resolve({ status, stdout, stderr }))
  return promise
}

async function withFreePorts(page: string): Promise<string> {
  const named = [...new Set([...page.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port = '']) => port))]
  const free = new Map<string, number>()
  for (const port of named) free.set(port, await freePort())
  return page.replaceAll(/127\.0\.0\.1:(\d+)/g, (_, port) => `127.0.0.1:${free.get(port)}`)
}

const MARK = '-----8<-----'
