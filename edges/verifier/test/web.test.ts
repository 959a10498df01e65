import { Buffer } from 'node:buffer'
import type { Verifier, VerifierOptions } from '@jotwarden/verifier'
import { type OutputChunk, rolldown } from 'rolldown'
import { expect, onTestFinished, test } from 'vitest'
import { LoopbackIssuer } from './loopback-issuer.ts'

/** A subpath as a bundler for browsers makes it: on WebCrypto. Node has the same globals, so it runs here. */
async function webModule(input: string): Promise<unknown> {
  const bundle = await rolldown({
    input,
    external: [/^node:/],
    platform: 'browser',
    resolve: { conditionNames: ['jotwarden-source', 'browser', 'import', 'default'] },
  })
  const { output } = await bundle.generate({ format: 'esm' })
  await bundle.close()
  const [code = ''] = output.filter((one): one is OutputChunk => one.type === 'chunk').map((one) => one.code)
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
}

test('on WebCrypto a key set that cannot be used fails who asks for keys, and nobody else', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))
  const issuer = await LoopbackIssuer.start()
  const { createVerifier } = (await webModule('@jotwarden/verifier')) as typeof import('@jotwarden/verifier')
  const { clock } = issuer
  const jwks = { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }
  const make = (over: Partial<VerifierOptions>): Verifier =>
    createVerifier({ issuer: issuer.issuer, audience: null, revocation: null, clock, jwks, ...over })
  make({})
  await expect(make({ jwksUri: null }).ready()).rejects.toMatchObject({ code: 'verifier/options' })
  await expect(make({}).ready()).rejects.toMatchObject({ code: 'verifier/options' })
  // Such rejections are told when nothing else is left to do
  await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled).toEqual([])
})

test('on WebCrypto a test issuer mints tokens and a proof key makes proofs', async () => {
  const { createTestIssuer, createTestProofKey } = (await webModule(
    '@jotwarden/verifier/testing',
  )) as typeof import('@jotwarden/verifier/testing')
  const issuer = await createTestIssuer()
  const token = await issuer.mint()
  expect((await issuer.verifier().verify(token)).subject).toBe('test-user')
  const proof = await (await createTestProofKey()).proof(
    { method: 'GET', url: 'https://api.test/' },
    token,
    0,
  )
  expect(proof.split('.')).toHaveLength(3)
})
