import { resolve } from 'node:path'
import { tokenKinds } from '@jotwarden/policy'
import { rolldown } from 'rolldown'
import { describe, expect, test } from 'vitest'

/** What is left of the package when an application takes these names of it. */
async function bundled(names: string): Promise<string> {
  const bundle = await rolldown({
    input: 'entry.js',
    cwd: import.meta.dirname,
    platform: 'node',
    resolve: { conditionNames: ['jotwarden-source', 'node', 'import', 'default'] },
    external: [/^node:/],
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry.js' ? resolve(import.meta.dirname, id) : null),
        load: (id) =>
          id.endsWith('entry.js')
            ? `import { ${names} } from '@jotwarden/policy'; console.log(${names})`
            : null,
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  return output[0].code
}

describe('a bundle of the policy', () => {
  const typs = Object.values(tokenKinds).map(({ typ }) => typ)
  const found = (code: string): readonly string[] =>
    typs.filter((typ) => ['"', "'", '`'].some((quote) => code.includes(`typ:${quote}${typ}${quote}`)))

  test('of one kind holds the row of no other', async () => {
    expect(found(await bundled('decide, defineProfile, accessKind'))).toEqual(['at+jwt'])
  })

  test('of access tokens holds no check that other kinds alone need', async () => {
    const code = await bundled('decide, accessProfile')
    expect(found(code)).toEqual(['at+jwt'])
    expect(code).toContain('wrong-audience')
    for (const reason of ['several-audiences', 'claims-differ', 'claims-coincide', 'wrong-event'])
      expect(code).not.toContain(reason)
  })

  test('of kinds by name holds the whole table', async () => {
    expect(found(await bundled('decide, defineProfileByName'))).toEqual(typs)
  })
})
