import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { checkDocs } from './check-docs.ts'
import { checkLayers } from './check-layers.ts'
import { writeGeneratedPages } from './generated-pages.ts'

/** `npm run check`: every step runs, whatever the ones before it found; the last line counts them. */
async function check(root: string): Promise<void> {
  if (process.argv.includes('--write')) await writeGeneratedPages(root)
  let failed = 0
  for (const { name, run } of STEPS) {
    const start = performance.now()
    const findings = await findingsOf(run, root)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    if (findings !== '') failed += 1
    console.log(`${findings === '' ? 'ok  ' : 'FAIL'}  ${name.padEnd(26)} ${seconds} s`)
    if (findings !== '') console.log(`\n${findings}\n`)
  }
  console.log(`check: ${STEPS.length - failed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}

async function findingsOf(run: Step['run'], root: string): Promise<string> {
  try {
    return (await run(root)).trim()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

interface Step {
  readonly name: string
  /** What is wrong; empty when nothing is. */
  run(root: string): string | Promise<string>
}

function tool(name: string, ...args: readonly string[]): Step['run'] {
  return (root) => {
    const bin = join(root, 'node_modules/.bin')
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` }
    const done = spawnSync(join(bin, name), args, { cwd: root, encoding: 'utf8', env })
    if (done.status === 0) return ''
    return `${done.stdout ?? ''}${done.stderr ?? ''}` || `${name} ended with ${done.status ?? done.signal}`
  }
}

const STEPS: readonly Step[] = [
  {
    name: 'format and lint',
    run: tool('biome', 'ci', '--colors=off', '--diagnostic-level=warn', '--error-on-warnings', '.'),
  },
  { name: 'layers', run: (root) => checkLayers(root).findings.join('\n') },
  { name: 'types', run: tool('tsc', '-b', '--pretty', 'false') },
  { name: 'types of tests and tools', run: tool('tsc', '-p', 'tsconfig.tests.json', '--pretty', 'false') },
  { name: 'documents in step', run: async (root) => (await checkDocs(root)).join('\n') },
]

if (!existsSync('package.json')) throw new Error('Cannot check: the working directory is not the repository')
await check(process.cwd())
