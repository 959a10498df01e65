import type { TokenKind } from '@jotwarden/policy'
import { defineProfileByName, type NamedProfileOptions, type Profile, tokenKinds } from '@jotwarden/policy'
import {
  encodeBase64url,
  importSecretKey,
  type JsonObject,
  Secret,
  signerOf,
  signJwt,
  type VerifiedToken,
  verify,
} from '@jotwarden/token'

export const issuer = 'https://issuer.example'
export const api = 'https://api.example'
export const client = 'client-1'
export const now = 1_800_000_000

const key = importSecretKey(Secret.fromBytes(Uint8Array.from({ length: 64 }, (_, at) => at * 37)), {
  alg: 'HS256',
  kid: 'k',
})

/** A token whose signature is good, whatever its claims say. */
export async function verified(typ: string | undefined, claims: JsonObject): Promise<VerifiedToken> {
  if (typ === undefined) return verify(await withoutTyp(claims), key.verify)
  return verify(await signJwt({ typ, claims }, signerOf(key.sign)), key.verify)
}

/** As issuers write it who leave `typ` out; ours cannot. */
async function withoutTyp(claims: JsonObject): Promise<string> {
  const signer = signerOf(key.sign)
  const [header, payload] = [{ alg: 'HS256', kid: 'k' }, claims].map((part) =>
    encodeBase64url(new TextEncoder().encode(JSON.stringify(part))),
  )
  const input = `${header}.${payload}`
  return `${input}.${encodeBase64url(await signer.sign(new TextEncoder().encode(input)))}`
}

/** The claims of a good token of each kind, as rich as its issuer would make it. */
export const samples: { readonly [K in TokenKind]: JsonObject } = {
  access: {
    iss: issuer,
    sub: 'user-1',
    aud: api,
    exp: now + 600,
    iat: now,
    jti: 'j1',
    client_id: client,
    scope: 'read write',
    sid: 's1',
    auth_time: now - 60,
    acr: 'pwd',
    amr: ['pwd'],
    rev: 3,
  },
  id: {
    iss: issuer,
    sub: 'user-1',
    aud: client,
    exp: now + 600,
    iat: now,
    jti: 'j1',
    sid: 's1',
    nonce: 'n1',
    azp: client,
    auth_time: now,
    at_hash: 'h',
  },
  logout: {
    iss: issuer,
    sub: 'user-1',
    sid: 's1',
    aud: client,
    exp: now + 120,
    iat: now,
    jti: 'j1',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  },
  'dpop-proof': { jti: 'j1', htm: 'POST', htu: 'https://api.example/x', iat: now, nonce: 'n' },
  'client-assertion': { iss: client, sub: client, aud: issuer, exp: now + 60, iat: now, jti: 'j1' },
  'request-object': {
    iss: client,
    aud: issuer,
    exp: now + 60,
    iat: now,
    nbf: now,
    jti: 'j1',
    client_id: client,
    response_type: 'code',
    scope: 'openid',
    nonce: 'n',
  },
  'introspection-response': { iss: issuer, aud: api, iat: now, token_introspection: { active: true } },
  'status-list': {
    iss: issuer,
    sub: `${issuer}/lists/1`,
    iat: now,
    exp: now + 600,
    ttl: 60,
    status_list: { bits: 1, lst: 'eA' },
  },
  'security-event': {
    iss: issuer,
    aud: api,
    iat: now,
    jti: 'j1',
    sub_id: { format: 'opaque', id: 'x' },
    events: { 'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {} },
  },
  'database-backed': { iss: issuer, aud: api, exp: now + 600, iat: now, jti: 'j1' },
  'local-session': {
    iss: issuer,
    sub: 'user-1',
    aud: issuer,
    exp: now + 600,
    iat: now,
    jti: 'j1',
    sid: 's1',
  },
}

/** How a reader of each kind would be configured. */
export function profileOf<K extends TokenKind>(
  kind: K,
  over: Partial<NamedProfileOptions<K>> = {},
): Profile<K> {
  const { required, signer } = tokenKinds[kind]
  const audience = { client, api, issuer }[readers[kind]]
  return defineProfileByName<K>({
    kind,
    issuer: !required.includes('iss') ? null : signer === 'client' ? client : issuer,
    audience: required.includes('aud') ? audience : null,
    ...(kind === 'id' ? { nonce: null } : {}),
    ...over,
  })
}

const readers: { readonly [K in TokenKind]: 'api' | 'client' | 'issuer' } = {
  access: 'api',
  id: 'client',
  logout: 'client',
  'dpop-proof': 'api',
  'client-assertion': 'issuer',
  'request-object': 'issuer',
  'introspection-response': 'api',
  'status-list': 'api',
  'security-event': 'api',
  'database-backed': 'api',
  'local-session': 'issuer',
}
