import { expect, test } from 'vitest'
import { bundleOf } from '../src/bundle.ts'
import { CREATE_VERIFIER } from '../src/bundle-benchmark.ts'

for (const target of ['node', 'web'] as const) {
  test(`createVerifier alone bundles nothing third-party for ${target}`, async () => {
    const { modules } = await bundleOf(CREATE_VERIFIER, target)
    expect([...modules.keys()]).toContain('edges/verifier/src/create-verifier.ts')
    expect([...modules.keys()].filter((file) => !OWN.test(file))).toEqual([])
  })
}

test('bundleOf() tells third-party files, run-time imports and sizes', async () => {
  const small = await bundleOf("export { base64url } from 'jose'", 'web')
  expect([...small.modules.keys()].every((file) => file.startsWith('node_modules/jose/'))).toBe(true)
  const { imports, gzip } = await bundleOf("export { readFileSync } from 'node:fs'", 'node')
  expect(imports).toEqual(['node:fs'])
  expect(gzip).toBeLessThan(small.gzip)
})

const OWN = /^(?:core\/(?:token|policy)|edges\/verifier)\/src\//
