import { Buffer } from 'node:buffer'
import { type CaseKeys, type HostileCase, tokenText } from '../hostile-case.ts'
import { isSecret, jwksOf } from '../run/key-set-of.ts'
import { haveAllPems } from './keys.ts'
import type { Capabilities, Rival } from './rival.ts'

/** Why a case cannot be put to a library at all; undefined where it can. */
export function notApplicable(one: HostileCase, keys: CaseKeys, { can }: Rival): string | undefined {
  if (one.group === 'dpop') return 'no DPoP'
  if (one.expect.decrypt !== undefined && !can.jwe) return 'no JWE'
  if (one.expect.nested !== undefined && one.expect.decrypt === undefined) return 'no call for nested tokens'
  return ofKeys(one, keys, can) ?? ofAlgorithm(one, can) ?? ofPolicy(one, can)
}

function ofKeys(one: HostileCase, keys: CaseKeys, can: Capabilities): string | undefined {
  if (one.expect.decrypt !== undefined)
    return one.id.startsWith('jwe/kid-') ? 'the key is handed over, not looked up' : undefined
  const jwks = jwksOf(one, keys)
  if (jwks.length === 1 && jwks.some(isSecret) && !can.secrets) return 'no shared secrets'
  if (can.jwks) return undefined
  const about = one.group === 'key-mismatch' && !one.id.includes('control')
  if (about && jwks.every((jwk) => jwk.crv === 'P-256' || isSecret(jwk)))
    return 'takes PEM: a JWK says nothing to it'
  const header = headerOf(tokenText(one.token))
  if (header !== undefined && header.kid === undefined && jwks.length > 1) return 'keys are looked up by kid'
  return haveAllPems(jwks) ? undefined : 'takes PEM, and of this key there is none'
}

function ofAlgorithm(one: HostileCase, can: Capabilities): string | undefined {
  if (one.id === 'confusion/eddsa-under-ed25519' && !can.algorithms.includes('Ed25519'))
    return 'knows Ed25519 by its older name alone'
  const alg = headerOf(tokenText(one.token))?.alg
  const lacks = ['Ed25519', 'EdDSA', 'ML-DSA-44'].find(
    (name) => name === alg && !can.algorithms.includes(name),
  )
  return lacks === undefined ? undefined : `no algorithm named ${lacks}`
}

function headerOf(token: string): { readonly alg?: unknown; readonly kid?: unknown } | undefined {
  try {
    const header: unknown = JSON.parse(
      Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString(),
    )
    return typeof header === 'object' && header !== null ? header : undefined
  } catch {
    return undefined
  }
}

function ofPolicy(one: HostileCase, can: Capabilities): string | undefined {
  const reason = one.expect.decide
  if (one.expect.verifier === 'sender-constrained' || reason === 'unknown-confirmation')
    return 'no bound tokens'
  if (reason === 'forbidden-claim') return 'no kinds of tokens'
  if (reason === 'undeclared-claim') return 'no claims that restrict a token'
  if (reason === 'wrong-authorized-party') return 'no claims of OpenID Connect'
  if (OAUTH.test(one.id)) return 'no claims of OAuth'
  if (reason === 'wrong-typ' && !can.typ) return 'no option for typ'
  if (reason === 'missing-claim' && !can.requiredClaims && !/iss|aud/.test(one.id))
    return 'no option for required claims'
  if (reason === 'issued-in-future' && !can.future) return 'no option for tokens from the future'
  if (reason === 'lifetime-too-long' && !one.id.endsWith('milliseconds')) return 'no option for the lifetime'
  return undefined
}

/** Claims that RFC 7519 does not know. */
const OAUTH = /^claims\/(client|scope|cnf)-/
