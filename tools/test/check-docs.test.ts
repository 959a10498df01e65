import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { checkDocs } from '../check-docs.ts'
import { tree } from './tree.ts'

const HEAD = '| id | what is true | test |\n|---|---|---|\n'

beforeEach(() => vi.stubEnv('JOTWARDEN_REQUIREMENTS', undefined))

describe('checkDocs()', () => {
  test('accepts documents that are in step', async () => {
    const requirements = `${HEAD}| B1.1 | a | \`core/a/test/a.test.ts › a() › is 2\` |\n`
    expect(await checkDocs(repository({ 'docs/requirements.md': requirements }))).toEqual([])
  })

  for (const [name, files, finding] of [
    [
      'a repeated id',
      { 'docs/requirements.md': `${HEAD}| B1.1 | a | open: later |\n| B1.1 | b | open: later |\n` },
      'docs/requirements.md:4 B1.1 stands already in line 3',
    ],
    [
      'a row that names nothing',
      { 'docs/requirements.md': `${HEAD}| B1.1 | a | |\n` },
      'docs/requirements.md:3 B1.1 names no test and says nothing is open',
    ],
    [
      'a test file that does not exist',
      { 'docs/requirements.md': `${HEAD}| B1.1 | a | \`core/a/test/none.test.ts › is\` |\n` },
      'docs/requirements.md:3 B1.1 names core/a/test/none.test.ts, which does not exist',
    ],
    [
      'a test title that does not exist',
      {
        'docs/requirements.md': `${HEAD}| B1.1 | a | core/a/test/a.test.ts › a() > is<br>core/a/test/a.test.ts › is 3 |\n`,
      },
      'docs/requirements.md:3 B1.1 names the test "is 3", which core/a/test/a.test.ts does not hold',
    ],
    [
      'a link to no file',
      { 'README.md': '[a](docs/none.md)\n' },
      'README.md:1 links to docs/none.md, which does not exist',
    ],
    [
      'a link to no heading',
      { 'README.md': '# A b\n\n[a](#a-b), [b](docs/requirements.md#none)\n' },
      'README.md:3 links to docs/requirements.md#none, which does not exist',
    ],
    [
      'a link out of the repository',
      { 'docs/a.md': '[a](../../../etc/hosts)\n' },
      'docs/a.md:1 links to ../../../etc/hosts, which does not exist',
    ],
    [
      'a package without a README',
      { 'core/b/package.json': '{ "name": "@jotwarden/b" }' },
      'core/b has no README.md',
    ],
    [
      'a package that does not exist',
      { 'README.md': 'one\n`@jotwarden/none` two\n' },
      'README.md:2 names @jotwarden/none, and no such package exists',
    ],
    [
      'a folder of one machine',
      { 'core/a/src/a.ts': `export const a = '/${'home'}/ada/x'\n` },
      `core/a/src/a.ts:1 names a folder of one machine: /${'home'}/ada`,
    ],
    [
      'a package registry',
      { 'a.json': `{ "at": "https://registry.${'npmjs'}.org/a" }` },
      `a.json:1 names a package registry: registry.${'npmjs'}.org`,
    ],
    [
      'a cast to verified claims',
      { 'core/a/src/a.ts': 'const a = 1\nreturn a as VerifiedClaims' },
      'core/a/src/a.ts:2 casts to verified claims: only verification may give them',
    ],
    [
      'a command page that is behind the command',
      {
        'apps/a/src/command-reference.ts': '',
        'apps/jotwarden/src/command-reference.ts': "export const commandReference = () => 'new'",
      },
      'docs/commands.md is not what the command says of itself: npm run check -- --write',
    ],
    [
      'a page of errors that is behind its table',
      { 'apps/jotwarden/src/error-reference.ts': "export const errorReference = () => 'new'" },
      'docs/errors.md is not what the table of codes says: npm run check -- --write',
    ],
  ] as const) {
    test(`finds ${name}`, async () => expect(await checkDocs(repository(files))).toEqual([finding]))
  }

  for (const [name, files] of [
    ['a link in a code block', { 'README.md': '```\n[a](none.md)\n```\n' }],
    ['a link to elsewhere', { 'README.md': '[a](https://example.com/none), [b](mailto:a@example.com)\n' }],
    ['a link to a folder', { 'README.md': '[a](core/a/)\n' }],
    ['a cast in a test', { 'core/a/test/b.ts': 'const a = b as VerifiedClaims' }],
    ['a path of a web address', { 'README.md': 'https://example.com/home/ada\n' }],
    ['a file that git ignores', { '.gitignore': 'node_modules\nlog\n', 'log/a.md': '[a](none.md)\n' }],
  ] as const) {
    test(`accepts ${name}`, async () => expect(await checkDocs(repository(files))).toEqual([]))
  }
})

test('checkDocs() finds an id that the requirements do not have', async () => {
  const root = repository({
    'shared/design/requirements.md': '- B1.2 something\n',
    'checkout/package.json': '{ "workspaces": [] }',
    'checkout/docs/requirements.md': `${HEAD}| B1.2 | a | open: later |\n| B1.3 | a | open: later |\n`,
  })
  expect(await checkDocs(join(root, 'checkout'))).toEqual([
    'docs/requirements.md:4 B1.3 is not an id of the requirements',
  ])
})

function repository(files: Readonly<Record<string, string>>): string {
  const root = tree({
    'package.json': '{ "type": "module", "workspaces": ["core/*"] }',
    '.gitignore': 'node_modules\n',
    'vitest.config.ts': 'export default {}',
    'core/a/package.json': '{ "name": "@jotwarden/a" }',
    'core/a/README.md': '# `@jotwarden/a`\n',
    'core/a/test/a.test.ts': TEST,
    'docs/requirements.md': `${HEAD}| B1.1 | a | open: later |\n`,
    ...files,
  })
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  execFileSync('git', ['init', '--quiet'], { cwd: root })
  return root
}

const TEST = `
import { describe, expect, test } from 'vitest'
describe('a()', () => {
  for (const n of [1, 2]) test('is ' + n, () => expect(n).toBe(n))
  test('is', () => expect(1).toBe(1))
})
`
