import { expect, test } from 'vitest'
import { keyPairFor } from '../src/verify/algorithms.ts'
import { cachesOf } from '../src/verify/cache-case.ts'
import { checkJudgement } from '../src/verify/contender.ts'
import { floodResults, judgedFloods } from '../src/verify/floods.ts'
import { verifyManyOf } from '../src/verify/many-case.ts'
import { ours } from '../src/verify/ours.ts'
import { rivals } from '../src/verify/rivals.ts'
import { signersOf } from '../src/verify/signing.ts'
import { TokenPool, tokenOf } from '../src/verify/token-pool.ts'
import { verifyBenchmark } from '../src/verify-benchmark.ts'

for (const alg of ['HS256', 'ES256', 'Ed25519'] as const) {
  const pair = keyPairFor(alg)
  for (const { name, make } of [...ours, ...rivals]) {
    const verification = make(pair)
    if (verification === undefined) continue
    test(`${name} judges ${alg} tokens before it is timed`, () => checkJudgement(name, verification, pair))
  }
}

test('checkJudgement() refuses whoever accepts all, and whoever accepts nothing', async () => {
  const pair = keyPairFor('HS256')
  const good = tokenOf(pair)
  await expect(checkJudgement('all', { sync: () => payloadOf(good) }, pair)).rejects.toThrow(
    'broken signature',
  )
  await expect(checkJudgement('none', { sync: () => undefined }, pair)).rejects.toThrow('good')
})

test('verifyBenchmark() refuses a case that it has not, and names those it has', async () => {
  const options = { rounds: 1, seconds: 0.01, only: [], cases: ['HS999'], note: () => undefined }
  await expect(verifyBenchmark(options)).rejects.toThrow(/HS999.*HS256.*flood at a dead JWKS endpoint/)
})

test('floodResults() counts the fetches that a flood causes', async () => {
  const results = await floodResults('flood at a dead JWKS endpoint', 20, ['jose'])
  const fetches = results.filter((one) => one.metric === 'fetches')
  expect(fetches.map((one) => [one.subject, one.value])).toEqual([
    ['jotwarden', 1],
    ['jose', 20],
  ])
  const judged = judgedFloods(fetches.map((one) => ({ ...one, subject: 'jotwarden' })))
  expect(judged.map((one) => one.verdict)).toEqual(['met', 'not met'])
})

test('cachesOf(), verifyManyOf() and signersOf() name those who can take part', async () => {
  const names = async (subjects: Promise<readonly { readonly name: string }[]>): Promise<readonly string[]> =>
    (await subjects).map(({ name }) => name)
  expect(await names(cachesOf(3, []))).toEqual(['floor', 'jotwarden', 'jotwarden-sync', 'fast-jwt'])
  expect(await names(verifyManyOf(3))).toEqual(['floor', 'jotwarden'])
  expect(await names(signersOf('Ed25519', 3, []))).toEqual(['floor', 'jotwarden', 'fast-jwt', 'jose'])
})

test('TokenPool.fresh() gives tokens with a jti of their own', () => {
  const tokens = new TokenPool(keyPairFor('HS256'), 20).fresh(20)
  expect(new Set(tokens.map((token) => payloadOf(token).jti)).size).toBe(20)
})

function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
}
