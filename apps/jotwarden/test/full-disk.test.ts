import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from './jotwarden-process.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

describe.skipIf(process.platform === 'win32')('where a file can have no more than 1024 bytes', () => {
  test('the list of who was erased does not take half a line for one', () => {
    writeFileSync(join(folder, 'epoch.erased'), `${'{"who":"0123","at":1}\n'.repeat(45)}`)
    expect(
      said(
        'state/erasure-list.ts',
        `openErasureList('${join(folder, 'epoch')}').add('https://a.example', 'usr_one', 1)`,
      ),
    ).toContain('Cannot keep track of who was erased')
  })

  test('a file for a secret does not take half of one', () => {
    expect(
      said(
        'output/secret-file.ts',
        `openSecretFile('${join(folder, 'secret')}').write({ revealText: () => 'x'.repeat(2000) })`,
      ),
    ).toContain('Cannot write the secret')
  })
})

/** What the act, a method of what the module exports, fails with, or `done`. */
function said(module: string, act: string): string {
  const path = new URL(`../src/${module}`, import.meta.url).pathname
  // Without a handler the signal would end the process
  const script = `process.on('SIGXFSZ', () => {})
    const used = await import('${path}')
    try { used.${act}; console.log('done') } catch (error) { console.log(error.message) }`
  const words = ['-c', 'ulimit -f 1; exec "$0" --input-type=module -e "$1"', process.execPath, script]
  return execFileSync('bash', words, { encoding: 'utf8' })
}
