import { accessKind, decide, defineProfile } from '@jotwarden/policy'
import {
  importSecretKey,
  importVerifyKey,
  KeySet,
  type KeySource,
  loadSecretKey,
  loadVerifyKey,
  type PublicJwk,
  Secret,
  synchronous,
  type VerifiedToken,
  type VerifyKey,
  verify,
  verifyAsync,
} from '@jotwarden/token'
import { type CaseKeys, type HostileCase, tokenText, type Verdict } from '../hostile-case.ts'
import type { Answer } from './answer.ts'
import { decryptVerdicts } from './decrypt.ts'
import { isSecret, type Jwk, jwksOf, secretBytes } from './key-set-of.ts'
import { tokenVerdict } from './token-verdict.ts'
import { verifierVerdicts } from './verifier.ts'

/** Gives a case to every entry point that it names, in every way that this platform has. Reaches no network. */
export async function runCase(one: HostileCase, keys: CaseKeys): Promise<readonly Answer[]> {
  const { expect } = one
  const answers: Answer[] = []
  if (expect.import !== undefined) answers.push(...(await importVerdicts(one, keys)))
  if (expect.verify !== undefined) answers.push(...(await tokenVerdicts(one, keys)))
  if (expect.verifier !== undefined || expect.authenticate !== undefined)
    answers.push(...(await verifierVerdicts(one, keys)))
  if (expect.decrypt !== undefined || expect.nested !== undefined)
    answers.push(...(await decryptVerdicts(one, keys)))
  return answers
}

async function importVerdicts(one: HostileCase, keys: CaseKeys): Promise<readonly Answer[]> {
  const jwk = jwksOf(one, keys)[0] ?? {}
  const secret = isSecret(jwk)
  const load = (): Promise<unknown> =>
    secret ? loadSecretKey(secretOf(jwk), secretOptions(jwk)) : loadVerifyKey(publicJwk(jwk))
  const answers: Answer[] = [{ entry: 'import', way: 'load', verdict: await tokenVerdict(load) }]
  if (!synchronous) return answers
  const now = (): unknown =>
    secret ? importSecretKey(secretOf(jwk), secretOptions(jwk)) : importVerifyKey(publicJwk(jwk))
  return [...answers, { entry: 'import', way: 'import', verdict: await tokenVerdict(now) }]
}

async function tokenVerdicts(one: HostileCase, keys: CaseKeys): Promise<readonly Answer[]> {
  const token = tokenText(one.token)
  const answers: Answer[] = []
  let verified: VerifiedToken | undefined
  const beside = await tokenVerdict(async () => {
    verified = await verifyAsync(token, await loadedKeys(one, keys))
  })
  answers.push({ entry: 'verify', way: 'verifyAsync', verdict: beside })
  if (synchronous) {
    const now = await tokenVerdict(() => verify(token, importedKeys(one, keys)))
    answers.push({ entry: 'verify', way: 'verify', verdict: now })
  }
  if (verified !== undefined)
    answers.push({ entry: 'decide', way: 'decide', verdict: decided(one, verified) })
  return answers
}

function decided({ policy }: HostileCase, verified: VerifiedToken): Verdict {
  const { issuer, audience, skew, now } = policy
  const decision = decide(verified, defineProfile({ kind: accessKind, issuer, audience, skew }), now)
  return decision.allow ? 'accept' : decision.reason
}

function importedKeys(one: HostileCase, keys: CaseKeys): VerifyKey | KeySource {
  const jwks = jwksOf(one, keys)
  const [first = {}] = jwks
  if (jwks.length === 1 && isSecret(first))
    return importSecretKey(secretOf(first), secretOptions(first)).verify
  return KeySet.fromJwks({ keys: jwks })
}

async function loadedKeys(one: HostileCase, keys: CaseKeys): Promise<VerifyKey | KeySource> {
  const jwks = jwksOf(one, keys)
  const [first = {}] = jwks
  if (jwks.length === 1 && isSecret(first))
    return (await loadSecretKey(secretOf(first), secretOptions(first))).verify
  return KeySet.load({ keys: jwks })
}

function secretOf(jwk: Jwk): Secret {
  return Secret.fromBytes(secretBytes(jwk))
}

function secretOptions(jwk: Jwk): { readonly alg: 'HS256'; readonly kid: string } {
  return { alg: 'HS256', kid: String(jwk.kid) }
}

/** As it came from outside: whether it is one is what the import has to find out. */
function publicJwk(jwk: Jwk): PublicJwk {
  return jwk as unknown as PublicJwk
}
