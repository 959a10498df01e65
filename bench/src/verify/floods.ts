import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createVerifier } from '@jotwarden/verifier'
import { JwtVerifier } from 'aws-jwt-verify'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import type { JudgedAim, Result } from '../result.ts'
import { jwksOf, type KeyPair, keyPairFor } from './algorithms.ts'
import { AUDIENCE, ISSUER, tokenOf } from './token-pool.ts'

/** Floods one verifier after the other, and counts what each lets through to the issuer and keeps in memory. */
export async function floodResults(
  of: FloodName,
  tokens: number,
  only: readonly string[],
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const [name, make] of Object.entries(flooded))
    if (name === 'jotwarden' || only.length === 0 || only.includes(name))
      results.push(...(await floodOf(of, name, make, tokens)))
  return results
}

export type FloodName = keyof typeof floods

/** What was set out to be reached by ours. The run takes less than the 30 seconds between two questions. */
export function judgedFloods(results: readonly Result[]): readonly JudgedAim[] {
  return results
    .filter((one) => one.subject === 'jotwarden' && one.case in floods)
    .flatMap((one): readonly JudgedAim[] => {
      const { mostFetches } = floods[one.case as FloodName]
      const most =
        one.metric === 'fetches' ? mostFetches : one.metric === 'memory' ? MOST_MEGABYTES : undefined
      if (most === undefined) return []
      const verdict = one.value <= most ? 'met' : 'not met'
      const measured = one.metric === 'memory' ? one.value.toFixed(1) : String(one.value)
      return [{ case: one.case, aim: `jotwarden ≤ ${most} ${one.unit}`, measured, verdict }]
    })
}

interface Flood {
  /** The token of one request; all are refused. */
  token(pair: KeyPair, index: number): string
  readonly issuerAnswers: boolean
  /** One to begin with, and one each time the cooldown is over: half a second at least after a first failure. */
  readonly mostFetches: number
}

const floods = {
  'flood of unknown kids': {
    token: (pair, index) => tokenOf({ ...pair, kid: `invented-${index}` }, { brokenSignature: true }),
    issuerAnswers: true,
    mostFetches: 2,
  },
  'flood of 1 MB tokens': {
    token: (pair, index) =>
      tokenOf(pair, { claims: { index, filler: 'x'.repeat(750_000) }, brokenSignature: true }),
    issuerAnswers: true,
    mostFetches: 1,
  },
  'flood at a dead JWKS endpoint': {
    token: (pair) => tokenOf(pair),
    issuerAnswers: false,
    mostFetches: 2,
  },
} as const satisfies Record<string, Flood>

export const floodNames: readonly FloodName[] = Object.keys(floods) as FloodName[]

/** Verifies under an issuer whose key set is had by this function. */
type Flooded = (fetchKeys: () => Promise<string>) => (token: string) => Promise<unknown>

const flooded: Readonly<Record<string, Flooded>> = {
  jotwarden: (fetchKeys) => {
    const { verify } = createVerifier({
      issuer: ISSUER,
      audience: AUDIENCE,
      revocation: null,
      jwksUri: JWKS_URI,
      fetch: async () => new Response(await fetchKeys()),
    })
    return (token) => verify(token)
  },
  jose: (fetchKeys) => {
    const keys = createRemoteJWKSet(new URL(JWKS_URI), {
      [customFetch]: async () => new Response(await fetchKeys()),
    })
    return (token) => jwtVerify(token, keys, { issuer: ISSUER, audience: AUDIENCE })
  },
  'aws-jwt-verify': (fetchKeys) => {
    const fetcher = { fetch: async () => new TextEncoder().encode(await fetchKeys()).buffer as ArrayBuffer }
    const verifier = JwtVerifier.create(
      { issuer: ISSUER, audience: AUDIENCE, jwksUri: JWKS_URI },
      { jwksCache: new SimpleJwksCache({ fetcher }) },
    )
    return (token) => verifier.verify(token)
  },
}

async function floodOf(
  of: FloodName,
  subject: string,
  make: Flooded,
  tokens: number,
): Promise<readonly Result[]> {
  const flood: Flood = floods[of]
  const pair = keyPairFor('ES256')
  const document = JSON.stringify(jwksOf(pair))
  let fetches = 0
  const verify = make(async () => {
    fetches++
    if (!flood.issuerAnswers) throw new TypeError('fetch failed')
    return document
  })
  if (flood.issuerAnswers) await verify(tokenOf(pair))
  const before = heapInUse()
  let spent = 0
  for (let index = 0; index < tokens; index++) {
    const token = flood.token(pair, index)
    const start = performance.now()
    const refused = await verify(token).then(
      () => false,
      () => true,
    )
    spent += performance.now() - start
    if (!refused) throw new Error(`Cannot measure ${subject}: it accepts a token of the ${of}`)
  }
  const grown = (heapInUse() - before) / 1e6
  return [
    figure(of, subject, 'fetches', fetches, 'fetches'),
    figure(of, subject, 'time', (spent * 1e6) / tokens, 'ns'),
    figure(of, subject, 'memory', Math.max(0, grown), 'MB'),
  ]
}

function figure(
  of: string,
  subject: string,
  metric: 'fetches' | 'time' | 'memory',
  value: number,
  unit: string,
): Result {
  return { case: of, subject, metric, value, unit, rounds: [value] }
}

function heapInUse(): number {
  for (let times = 0; times < 3; times++) collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const JWKS_URI = `${ISSUER}/jwks.json`
const MOST_MEGABYTES = 2
