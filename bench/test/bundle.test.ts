import { expect, test } from 'vitest'
import { bundleOf } from '../src/bundle.ts'
import { CREATE_VERIFIER } from '../src/bundle-benchmark.ts'

for (const target of ['node', 'web'] as const) {
  test(`createVerifier alone bundles nothing third-party for ${target}, and does not grow`, async () => {
    const { modules, imports, gzip } = await bundleOf(CREATE_VERIFIER, target)
    expect([...modules.keys()]).toContain('edges/verifier/src/create-verifier.ts')
    expect([...modules.keys()].filter((file) => !OWN.test(file))).toEqual([])
    expect(imports.toSorted()).toEqual(target === 'web' ? [] : ['node:buffer', 'node:crypto'])
    expect(gzip, [...modules].map(([file, bytes]) => `${bytes} ${file}`).join('\n')).toBeLessThan(CEILING)
  })
}

test('bundleOf() tells third-party files, run-time imports and sizes', async () => {
  const small = await bundleOf("export { base64url } from 'jose'", 'web')
  expect([...small.modules.keys()].every((file) => file.includes('node_modules/jose/'))).toBe(true)
  const { imports, gzip } = await bundleOf("export { readFileSync } from 'node:fs'", 'node')
  expect(imports).toEqual(['node:fs'])
  expect(gzip).toBeLessThan(small.gzip)
})

/** In bytes; what is aimed for is less, see `LARGEST_VERIFIER`. Lower it whenever the bundle has become smaller. */
const CEILING = 15_950
const OWN = /^(?:core\/(?:token|policy)|edges\/verifier)\/src\//
