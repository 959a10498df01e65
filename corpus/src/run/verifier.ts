import { synchronous } from '@jotwarden/token'
import { type RequestParts, type Verifier, VerifierError } from '@jotwarden/verifier'
import {
  type CaseKeys,
  type CaseRequest,
  type HostileCase,
  tokenText,
  type Verdict,
} from '../hostile-case.ts'
import type { Answer } from './answer.ts'
import { isSecret, jwksOf } from './key-set-of.ts'
import { type Setup, verifierFor } from './verifier-for.ts'

/** Gives the tokens of a case to a verifier, one after the other, in each way that it can be asked. */
export async function verifierVerdicts(one: HostileCase, keys: CaseKeys): Promise<readonly Answer[]> {
  if (jwksOf(one, keys).some((jwk, _, all) => all.length === 1 && isSecret(jwk))) return []
  const answers: Answer[] = []
  for (const way of ways) {
    if (way.synchronous && !synchronous) continue
    const steps = await withVerifier(one, keys, way, (verifier, clock) => asked(one, way, verifier, clock))
    answers.push(...steps)
  }
  return answers
}

/** One way to ask a verifier. */
interface Way {
  readonly entry: 'verifier' | 'fetched' | 'several' | 'authenticate'
  readonly way: string
  readonly setup: Setup
  readonly synchronous: boolean
  ask(verifier: Verifier, token: string, request: CaseRequest | undefined): Promise<unknown>
}

async function asked(
  one: HostileCase,
  { entry, way, ask }: Way,
  verifier: Verifier,
  clock: { now: number },
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  const first = { token: one.token, after: 0, request: one.request, expect: one.expect }
  for (const [at, step] of [first, ...(one.next ?? [])].entries()) {
    clock.now += step.after
    if (step.expect[entry] === undefined) continue
    const verdict = await verdictOf(() => ask(verifier, tokenText(step.token), step.request))
    answers.push({ entry, way: at === 0 ? way : `${way}, token ${at + 1}`, verdict })
  }
  return answers
}

async function withVerifier(
  one: HostileCase,
  keys: CaseKeys,
  { entry, setup }: Way,
  act: (verifier: Verifier, clock: { now: number }) => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  const clock = { now: one.policy.now }
  let verifier: Verifier | undefined
  // Where keys are imported asynchronously, a bad key set shows only when they are there
  const made = await verdictOf(async () => {
    const candidate = verifierFor(one, keys, clock, setup)
    await candidate.ready()
    verifier = candidate
  })
  if (verifier === undefined) {
    return [{ entry, way: 'createVerifier', verdict: made }]
  }
  try {
    return await act(verifier, clock)
  } finally {
    await verifier.close()
  }
}

/** The reason, which is finer than the code, where there is one. */
async function verdictOf(act: () => unknown): Promise<Verdict> {
  try {
    await act()
    return 'accept'
  } catch (error) {
    if (error instanceof VerifierError) return error.reason ?? error.code
    throw error
  }
}

function requestOf(token: string, request: CaseRequest = plainRequest): RequestParts {
  const lines = [['authorization', `${request.scheme} ${token}`] as const, ...request.headers]
  return {
    method: request.method,
    url: request.url,
    headers: (name) => lines.filter(([one]) => one === name).map(([, value]) => value),
  }
}

async function one(verifier: Verifier, token: string): Promise<void> {
  const [outcome] = await verifier.verifyMany([token])
  if (outcome?.accepted === false) throw outcome.error
}

const plainRequest: CaseRequest = {
  method: 'GET',
  url: 'https://api.example/',
  headers: [],
  scheme: 'Bearer',
}

const ways: readonly Way[] = [
  {
    entry: 'verifier',
    way: 'verify',
    setup: 'plain',
    synchronous: false,
    ask: (it, token) => it.verify(token),
  },
  {
    entry: 'verifier',
    way: 'verify with a cache',
    setup: 'cached',
    synchronous: false,
    ask: (it, token) => it.verify(token),
  },
  {
    entry: 'fetched',
    way: 'verify by fetched keys',
    setup: 'fetched',
    synchronous: false,
    ask: (it, token) => it.verify(token),
  },
  {
    entry: 'several',
    way: 'verify among several issuers',
    setup: 'several',
    synchronous: false,
    ask: (it, token) => it.verify(token),
  },
  { entry: 'verifier', way: 'verifyMany', setup: 'plain', synchronous: false, ask: one },
  {
    entry: 'verifier',
    way: 'verifySync',
    setup: 'plain',
    synchronous: true,
    ask: async (it, token) => it.verifySync(token),
  },
  {
    entry: 'authenticate',
    way: 'authenticate',
    setup: 'plain',
    synchronous: false,
    ask: (it, token, request) => it.authenticate(requestOf(token, request)),
  },
]
