import { expect, test } from 'vitest'
import { importsOf } from '../imports-of.ts'

const found = [
  ['a named import', "import { a } from 'x'", ['x']],
  ['a default and a named import', 'import a, { b as c } from "x"', ['x']],
  ['a namespace import', "import * as a from 'x'", ['x']],
  ['an import of the default by name', "import { default as a, const as b } from 'x'", ['x']],
  ['an import for its effect', "import 'x'", ['x']],
  ['a type import', "import type { A } from 'x'", ['x']],
  ['an inline type import', "import { type A } from 'x'", ['x']],
  ['an import over several lines', "import {\n  a,\n  // why\n  b,\n} from 'x'", ['x']],
  ['an import with attributes', "import a from 'x' with { type: 'json' }", ['x']],
  ['a re-export', "export { a } from 'x'", ['x']],
  ['a type re-export', "export type { A } from 'x'", ['x']],
  ['a star re-export', "export * from 'x'", ['x']],
  ['a named star re-export', "export * as a from 'x'", ['x']],
  ['a dynamic import', "const a = await import('x')", ['x']],
  ['a dynamic import in a template', `const a = \`1 \${await import("x")} 2\``, ['x']],
  ['a dynamic import of a plain template', 'const a = import(`x`)', ['x']],
  ['a dynamic import with options', "import('x', { with: { type: 'json' } })", ['x']],
  ['an import type', "type A = import('x').A", ['x']],
  ['a typeof import', "type A = typeof import('x')", ['x']],
  ['a require', "const a = require('x')", ['x']],
  ['an import equals require', "import a = require('x')", ['x']],
  ['import.meta.resolve', "import.meta.resolve('x')", ['x']],
  ['a computed dynamic import', 'await import(name)', [null]],
  ['a joined dynamic import', "await import('x' + name)", [null]],
  ['an import after a regular expression with a quote', "const a = /['`]/u\nimport 'x'", ['x']],
  ['an import after a division', "const a = b / c\nimport('x') / 2", ['x']],
  ['an import after nested templates', `const a = \`\${\`'\${b}\`}\`\nimport 'x'`, ['x']],
  ['an import after a shebang', "#!/usr/bin/env node '\nimport 'x'", ['x']],
  [
    'imports without semicolons',
    "import 'x'\nimport b from 'y'\nexport { b }\nimport c from 'z'",
    ['x', 'y', 'z'],
  ],
] as const

for (const [name, source, expected] of found) {
  test(`importsOf() finds ${name}`, () => {
    expect(importsOf(source).map((one) => one.specifier)).toEqual(expected)
  })
}

const ignored = [
  ['a line comment', "// import 'x'"],
  ['a block comment', "/* import 'x'\n * export * from 'y' */"],
  ['a string', `const a = "import 'x'"`],
  ['a string with an escaped quote', `const a = 'it\\'s import("x")'`],
  ['a template', "const a = `import 'x'`"],
  ['a regular expression', "const a = /import('x')/"],
  ['a method of that name', "store.import('x'); store.require('y')"],
  ['a declared method of that name', 'class Store { import(key: Key): void {} }'],
  ['a local export', "export const from = 'x'"],
  ['a local export list', "export { a }\nconst from = 'x'"],
  ['import.meta.url', "new URL('x', import.meta.url)"],
] as const

for (const [name, source] of ignored) {
  test(`importsOf() ignores ${name}`, () => expect(importsOf(source)).toEqual([]))
}

test('importsOf() says the line', () => {
  expect(importsOf("\n// a\n\nimport 'x'\n")).toEqual([{ specifier: 'x', line: 4 }])
})
