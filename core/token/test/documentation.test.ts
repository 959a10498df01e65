import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { jwsAlgorithms } from '@jotwarden/token'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const page = readFileSync(`${root}docs/jws.md`, 'utf8')

test('docs/jws.md: the program runs as it stands and prints what the page says', async () => {
  const code = /^```ts\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? ''
  const said = /It prints `([^`]+)` and then `([^`]+)`/.exec(page)?.slice(1)
  const words = ['--conditions=jotwarden-source', '--input-type=module-typescript', '--eval', code]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { cwd: root })
  expect({ stdout: stdout.trim().split('\n'), stderr }).toEqual({ stdout: said, stderr: '' })
})

test('docs/jws.md: the table names every algorithm', () => {
  const table = page.slice(page.indexOf('## What is accepted'), page.indexOf('- **`none`**'))
  for (const alg of jwsAlgorithms.keys()) expect(table).toContain(`\`${alg}\``)
})
