import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const page = readFileSync(`${root}docs/jwe.md`, 'utf8')

test('docs/jwe.md: the program runs as it stands and prints what the page says', async () => {
  const code = /^```ts\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? ''
  const said = /It prints `([^`]+)`/.exec(page)?.[1]
  const words = ['--conditions=jotwarden-source', '--input-type=module-typescript', '--eval', code]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { cwd: root })
  expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: said, stderr: '' })
})
