import { describe, expect, test } from 'vitest'
import { checkLayers, mermaidOf } from '../check-layers.ts'
import { tree } from './tree.ts'

const DOOR = {
  'core/low/package.json': JSON.stringify({
    name: '@x/low',
    exports: { '.': './src/index.ts' },
    imports: { '#platform': './src/platform/node.ts' },
  }),
  'core/low/src/uses.ts': "import { sign } from '#platform'",
  'core/low/src/platform/node.ts': "export { sign } from 'node:crypto'",
}

describe('checkLayers()', () => {
  test('accepts a house whose imports follow the table', () => {
    expect(checkLayers(tree(house({}))).findings).toEqual([])
  })

  for (const [name, files, finding] of [
    [
      'an edge that is not in the table',
      { 'core/low/src/up.ts': "import { high } from '@x/high'" },
      'core/low/src/up.ts:1 imports @x/high: the table in docs/architecture.md has no edge from core/low to core/high',
    ],
    [
      'a type import that is not in the table',
      { 'core/low/src/up.ts': "\nimport type { High } from '@x/high'" },
      'core/low/src/up.ts:2 imports @x/high: the table in docs/architecture.md has no edge from core/low to core/high',
    ],
    [
      'a dynamic import in a test that is not in the table',
      { 'core/low/test/up.test.ts': "await import('@x/high')" },
      'core/low/test/up.test.ts:1 imports @x/high: the table in docs/architecture.md has no edge from core/low to core/high',
    ],
    [
      'an import of an app, even where anything may be imported',
      { 'bench/src/main.ts': "import 'app'" },
      'bench/src/main.ts:1 imports app: the table in docs/architecture.md has no edge from bench to apps/app',
    ],
    [
      'an import of a workspace that is not declared',
      { 'core/high/package.json': manifest('@x/high', {}) },
      'core/high/src/index.ts:1 imports @x/low, which core/high/package.json does not declare as a dependency',
    ],
    [
      'an import of a third party that is not declared',
      { 'core/low/src/more.ts': "export * from 'hono/cookie'" },
      'core/low/src/more.ts:1 imports hono, which core/low/package.json does not declare as a dependency',
    ],
    [
      'a test tool in a source',
      { 'core/low/src/more.ts': "import { test } from 'vitest'" },
      'core/low/src/more.ts:1 imports vitest, which core/low/package.json does not declare as a dependency',
    ],
    [
      'a test tool that no one declares',
      { 'core/low/test/low.test.ts': "import 'ava'" },
      'core/low/test/low.test.ts:1 imports ava, which core/low/package.json does not declare',
    ],
    [
      'a declared workspace that nothing imports',
      { 'core/high/src/index.ts': 'export const high = 1' },
      'core/high/package.json declares @x/low, which nothing there imports',
    ],
    [
      'a declared workspace that only a test imports',
      { 'core/high/src/index.ts': 'export {}', 'core/high/test/a.test.ts': "import '@x/low'" },
      'core/high/package.json declares @x/low, which nothing there imports',
    ],
    [
      'an import past the exports',
      { 'core/high/src/index.ts': "export { low } from '@x/low/src/index.ts'" },
      'core/high/src/index.ts:1 imports @x/low/src/index.ts, which the exports of @x/low do not open',
    ],
    [
      'a relative import that leaves the package',
      { 'core/high/src/more.ts': "import '../../low/src/index.ts'" },
      'core/high/src/more.ts:1 imports ../../low/src/index.ts, which leaves core/high',
    ],
    [
      'a file system import in core',
      { 'core/low/src/more.ts': "import 'node:fs/promises'" },
      'core/low/src/more.ts:1 imports node:fs/promises: core does no I/O and may use node:crypto and node:buffer alone',
    ],
    [
      'a file system import in core without its prefix',
      { 'core/low/src/more.ts': "const fs = require('fs')" },
      'core/low/src/more.ts:1 imports fs: core does no I/O and may use node:crypto and node:buffer alone',
    ],
    [
      'a builtin beside the door of its package',
      { ...DOOR, 'core/low/src/more.ts': "import { sign } from 'node:crypto'" },
      'core/low/src/more.ts:1 imports node:crypto beside the door #platform, which other runtimes need',
    ],
    [
      'a door that the package does not have',
      { 'core/low/src/more.ts': "import { now } from '#clock'" },
      "core/low/src/more.ts:1 imports #clock, which is no door of core/low's sources",
    ],
    [
      'an import of the own package',
      { 'core/low/src/more.ts': "import { low } from '@x/low'" },
      'core/low/src/more.ts:1 imports its own package @x/low: name the defining file',
    ],
    [
      'a computed import',
      { 'core/low/src/more.ts': 'await import(name)' },
      'core/low/src/more.ts:1 imports a computed name, which no check can follow',
    ],
    [
      'a package without a row',
      { 'core/new/package.json': manifest('@x/new', {}) },
      'docs/architecture.md has no row for core/new in its import table',
    ],
    [
      'a row without a package',
      { 'docs/architecture.md': table('| `edges/gone` | `core/low` |\n') },
      'docs/architecture.md has a row for edges/gone, and no such package exists',
    ],
  ] as const) {
    test(`finds ${name}`, () => expect(checkLayers(tree(house(files))).findings).toEqual([finding]))
  }

  for (const [name, files] of [
    ['node:crypto in core', { 'core/low/src/more.ts': "import { sign } from 'node:crypto'" }],
    ['a door, and builtins behind it', DOOR],
    ['any builtin in a test of core', { 'core/low/test/a.test.ts': "import 'node:fs'" }],
    ['a test tool of the root in a test', { 'core/low/test/a.test.ts': "import { test } from 'vitest'" }],
    ['what the table opens to every test', { 'core/low/test/a.test.ts': "import '@x/conformance'" }],
    ['the own package in a test', { 'core/low/test/a.test.ts': "import { low } from '@x/low'" }],
    ['a name in a comment', { 'core/low/src/more.ts': "// import '@x/high'" }],
    ['built output', { 'core/low/dist/index.js': "import '@x/high'" }],
  ] as const) {
    test(`accepts ${name}`, () => expect(checkLayers(tree(house(files))).findings).toEqual([]))
  }

  test('throws where no import table stands', () => {
    const root = tree(house({ 'docs/architecture.md': '# Empty\n' }))
    expect(() => checkLayers(root)).toThrow('Cannot read the import table')
  })
})

test('mermaidOf() draws the imports of sources and leaves out those of tests', () => {
  const root = tree(house({ 'core/low/test/a.test.ts': "import '@x/conformance'" }))
  expect(mermaidOf(checkLayers(root)).split('\n')).toEqual([
    'graph TD',
    '  apps/app --> core/high',
    '  conformance --> core/low',
    '  core/high --> core/low',
  ])
})

function house(files: Readonly<Record<string, string>>): Record<string, string> {
  return {
    'package.json': JSON.stringify({
      name: 'root',
      workspaces: ['core/*', 'apps/*', 'conformance', 'bench'],
      devDependencies: { vitest: '5' },
    }),
    'docs/architecture.md': table(''),
    'core/low/package.json': manifest('@x/low', {}),
    'core/low/src/index.ts': 'export const low = 1',
    'core/high/package.json': manifest('@x/high', { '@x/low': '1' }),
    'core/high/src/index.ts': "export { low } from '@x/low'",
    'conformance/package.json': manifest('@x/conformance', { '@x/low': '1' }),
    'conformance/src/index.ts': "export { low } from '@x/low'",
    'apps/app/package.json': manifest('app', { '@x/high': '1' }),
    'apps/app/bin/app.js': "import('@x/high')",
    'bench/package.json': manifest('@x/bench', {}),
    ...files,
  }
}

function manifest(name: string, dependencies: Readonly<Record<string, string>>): string {
  return JSON.stringify({ name, exports: { '.': './src/index.ts' }, dependencies })
}

function table(more: string): string {
  const rows = [
    '| `core/low` | – |',
    '| `core/high` | `core/low` |',
    '| `conformance` | `core/*` |',
    '| `apps/*` | anything |',
    '| `bench` | anything |',
    '| tests of any package | `conformance` |',
  ]
  return `# House\n\n| package | may import |\n|---|---|\n${more}${rows.join('\n')}\n`
}
