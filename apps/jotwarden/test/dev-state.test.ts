import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, expect, test, vi } from 'vitest'
import { prepareDevelopmentState } from '../src/dev/dev-state.ts'
import type { Terminal } from '../src/output/terminal.ts'
import { temporaryFolder } from './jotwarden-process.ts'

const urls = {
  issuer: 'http://127.0.0.1:8420',
  listen: '127.0.0.1:8420',
  webApp: 'http://127.0.0.1:8421',
  api: 'http://127.0.0.1:8422',
}

afterEach(() => {
  vi.restoreAllMocks()
})

test('prepareDevelopmentState() follows no link that was planted where a draft could be', async () => {
  const folder = temporaryFolder()
  const victim = join(folder, 'victim')
  writeFileSync(victim, 'mine')
  const state = join(folder, '.jotwarden')
  mkdirSync(state)
  symlinkSync(victim, join(state, 'jotwarden.toml.draft'))
  symlinkSync(victim, join(state, 'jotwarden.toml'))
  await prepareDevelopmentState(terminal(folder), urls)
  expect(readFileSync(victim, 'utf8')).toBe('mine')
  expect(readFileSync(join(state, 'jotwarden.toml'), 'utf8')).toContain(urls.issuer)
  expect(statSync(join(state, 'jotwarden.toml')).mode & 0o777).toBe(0o600)
})

test('prepareDevelopmentState() leaves no draft behind', async () => {
  const folder = temporaryFolder()
  await prepareDevelopmentState(terminal(folder), urls)
  await prepareDevelopmentState(terminal(folder), urls)
  expect(readdirSync(join(folder, '.jotwarden')).sort()).toEqual(['development.kek', 'jotwarden.toml'])
})

test('prepareDevelopmentState() refuses a folder of another user, and writes nothing into it', async () => {
  const folder = temporaryFolder()
  const state = join(folder, '.jotwarden')
  mkdirSync(state, { mode: 0o755 })
  vi.spyOn(process, 'getuid').mockReturnValue(statSync(state).uid + 1)
  await expect(prepareDevelopmentState(terminal(folder), urls)).rejects.toMatchObject({
    name: 'Refusal',
    message: expect.stringContaining('belongs to another user'),
  })
  expect(readdirSync(state)).toEqual([])
  expect(statSync(state).mode & 0o777).toBe(0o755)
})

function terminal(folder: string): Terminal {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  return { stdin, stdout, stderr, environment: {}, folder }
}
