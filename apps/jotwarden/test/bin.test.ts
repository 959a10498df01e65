import { spawnSync } from 'node:child_process'
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from 'jotwarden'
import { expect, test } from 'vitest'
import { bin, jotwarden, temporaryFolder } from './jotwarden-process.ts'

const folder = temporaryFolder()

for (const old of ['20.20.2', '22.19.0', '24.14.9']) {
  test(`jotwarden on Node ${old} says what to do and ends with 2`, () => {
    const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${old}'})`
    const { status, stderr } = node(['--import', pretend, '--conditions=jotwarden-source', bin, '--version'])
    expect(status).toBe(2)
    expect(stderr).toContain(`needs Node.js 24.15 or newer, and this is ${old}`)
  })
}

const REMEDIES = [
  ['linux', 'x64', true],
  ['linux', 'arm64', false],
  ['darwin', 'x64', false],
  ['win32', 'x64', false],
] as const

for (const [platform, arch, brought] of REMEDIES) {
  test(`jotwarden on an old Node of ${platform} ${arch} ${brought ? 'points to' : 'says nothing of'} the Node that npm ci brings`, () => {
    const changes = Object.entries({ platform, arch }).map(
      ([name, value]) => `Object.defineProperty(process,'${name}',{value:'${value}'})`,
    )
    const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'22.1.0'});${changes.join(';')}`
    const { stderr } = node(['--import', pretend, '--conditions=jotwarden-source', bin, '--version'])
    const install = `${brought ? 'Elsewhere: install' : 'Install'} Node.js 24.15 or newer from https://nodejs.org`
    expect(stderr).toContain(install)
    expect(stderr.includes('npm ci')).toBe(brought)
  })
}

test('jotwarden from a checkout that is neither built nor run from source explains it and ends with 2', () => {
  const copy = temporaryFolder()
  mkdirSync(join(copy, 'bin'))
  copyFileSync(bin, join(copy, 'bin/jotwarden.js'))
  copyFileSync(join(bin, '../../package.json'), join(copy, 'package.json'))
  const { status, stderr } = node([join(copy, 'bin/jotwarden.js'), '--version'])
  expect(status).toBe(2)
  expect(stderr).toContain('not built')
  expect(stderr).not.toContain('    at ')
})

test('bin/jotwarden.js parses where nothing newer than ES2022 is known', () => {
  expect(readFileSync(bin, 'utf8')).not.toMatch(/\busing\b|import defer|: string/)
})

test('jotwarden --version prints the version and ends with 0', async () => {
  expect(await jotwarden(['--version'], { folder })).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

test.skipIf(!existsSync('/dev/full'))(
  'jotwarden on a full disk says that it cannot write, and ends with 1',
  async () => {
    for (const words of [['--version'], ['config', 'check'], ['--help']]) {
      const full = openSync('/dev/full', 'w')
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--conditions=jotwarden-source', bin, ...words],
        { encoding: 'utf8', cwd: folder, env: { PATH: process.env.PATH }, stdio: ['ignore', full, 'pipe'] },
      )
      closeSync(full)
      expect(status).toBe(1)
      expect(stderr).toContain('error: Cannot write to standard output: no space is left')
      expect(stderr).not.toContain('    at ')
    }
  },
)

const misuse = [
  ['no command', []],
  ['an unknown command', ['srve']],
  ['an unknown option', ['serve', '--prot', '1']],
  ['a missing argument', ['users', 'add']],
  ['an argument too many', ['users', 'list', 'ann']],
  ['a choice that is none', ['clients', 'add', 'X', '--type', 'secret']],
  ['a port without --dev', ['serve', '--port', '1']],
  ['a port that is none', ['serve', '--dev', '--port', '65536']],
  ['--dev with --config', ['serve', '--dev', '--config', 'x.toml']],
  ['a configuration that is not there', ['config', 'check', '--config', 'none.toml']],
] as const

for (const [name, words] of misuse) {
  test(`jotwarden with ${name} ends with 2 and leaves stdout empty`, async () => {
    const { code, stdout, stderr } = await jotwarden(words, { folder })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).not.toContain('    at ')
    expect(stderr).not.toBe('')
  })
}

const helped = ['', 'serve', 'init', 'config check', 'clients add', 'clients list', 'clients remove'].concat(
  ['add', 'list', 'password', 'disable', 'enable', 'remove'].map((name) => `users ${name}`),
)

for (const command of helped) {
  test(`jotwarden ${command} --help shows examples, without colour`, async () => {
    const { code, stdout } = await jotwarden([...command.split(' ').filter(Boolean), '--help'], { folder })
    expect(code).toBe(0)
    expect(stdout).toContain('Examples:')
    expect(stdout).toContain(`jotwarden ${command}`)
    expect(stdout).not.toContain('\u001b')
  })
}

function node(words: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, words, { encoding: 'utf8', env: { PATH: process.env.PATH } })
}
