import { hash } from 'node:crypto'
import type { Keyring } from '@jotwarden/keyring'
import { encodeBase64url, type JsonObject, type Random, signJwt } from '@jotwarden/token'
import { type ClaimsHook, hookClaims } from './claims-hook.ts'
import type { Authorization } from './grant.ts'
import { type Audience, audienceOf } from './resources.ts'
import type { Settings } from './settings.ts'

/** What signing needs. */
export interface IssueContext {
  readonly settings: Settings
  readonly keyring: Keyring
  readonly random: Random
  readonly claims: ClaimsHook | undefined
}

/** Tokens that are signed but not yet anybody's. */
export interface SignedTokens {
  readonly accessToken: string
  readonly idToken: string | null
  readonly audience: Audience
  /** Seconds. */
  readonly expiresIn: number
}

/** Signs the access token (RFC 9068) and, with `openid` and a person, the ID token (OpenID Connect Core §2). */
export async function issueTokens(
  authorization: Authorization,
  clientId: string,
  now: number,
  context: IssueContext,
): Promise<SignedTokens> {
  const { settings } = context
  const audience = audienceOf(settings.resources, authorization.scope, authorization.resources)
  const iat = Math.floor(now)
  const exp = Math.min(iat + settings.accessTokenLifetime, Math.floor(authorization.notAfter))
  const common = { iss: settings.issuer, sub: authorization.subject, iat, ...personClaims(authorization) }
  const about = {
    subject: authorization.subject,
    client: clientId,
    session: authorization.session,
    audience: audience.aud,
    scope: audience.scope,
  }

  const accessClaims: JsonObject = {
    ...(await hookClaims(context.claims, { place: 'access', ...about })),
    ...common,
    aud: audience.aud.length === 1 ? (audience.aud[0] ?? '') : audience.aud,
    exp,
    jti: encodeBase64url(context.random.bytes(16)),
    client_id: clientId,
    rev: authorization.rev,
    ...(authorization.login === null ? {} : { login: authorization.login }),
    ...(audience.scope.length > 0 ? { scope: audience.scope.join(' ') } : {}),
  }
  const signer = context.keyring.signer()
  const accessToken = await signJwt({ typ: 'at+jwt', claims: accessClaims }, signer)
  if (authorization.person === null || !authorization.scope.includes('openid')) {
    return { accessToken, idToken: null, audience, expiresIn: exp - iat }
  }

  const idClaims: JsonObject = {
    ...(await hookClaims(context.claims, { place: 'id', ...about, audience: [clientId] })),
    ...common,
    aud: clientId,
    exp: Math.min(iat + settings.idTokenLifetime, Math.floor(authorization.notAfter)),
    at_hash: atHash(accessToken, signer.alg),
    ...(authorization.nonce === null ? {} : { nonce: authorization.nonce }),
  }
  const idToken = await signJwt({ typ: 'JWT', claims: idClaims }, signer)
  return { accessToken, idToken, audience, expiresIn: exp - iat }
}

function personClaims(authorization: Authorization): JsonObject {
  const { person, session } = authorization
  return {
    ...(session === null ? {} : { sid: session }),
    ...(person === null || person.authTime === null ? {} : { auth_time: Math.floor(person.authTime) }),
    ...(person === null || person.acr === null ? {} : { acr: person.acr }),
    ...(person === null || person.amr.length === 0 ? {} : { amr: person.amr }),
  }
}

/** Left half of the hash that belongs to the algorithm (OpenID Connect Core §3.1.3.6); Ed25519 goes with SHA-512. */
function atHash(accessToken: string, alg: string): string {
  const digest = hash(alg === 'Ed25519' ? 'sha512' : 'sha256', accessToken, 'buffer')
  return encodeBase64url(digest.subarray(0, digest.length / 2))
}
