import { createHmac } from 'node:crypto'
import {
  claimTable,
  decide,
  defineProfileByName,
  PolicyError,
  parseFeedMessage,
  tokenKinds,
} from '@jotwarden/policy'
import {
  configuredHeader,
  decodeBase64url,
  decodeUnverified,
  importSecretKey,
  importVerifyKey,
  KeySet,
  parseCompact,
  parseJsonObject,
  parsePrivateJwk,
  parsePublicJwk,
  parseRefreshToken,
  restoreHeader,
  Secret,
  sealedKid,
  TokenError,
  verify,
} from '@jotwarden/token'
import { NOW } from '../draft.ts'
import type { SeededRandom } from '../random.ts'
import { specimen } from '../specimen.ts'
import { spoiledText, strangeKey, strangeKeySet, strangeObject, strangeValue } from './strange-value.ts'

/** A function that takes what comes from outside, and so must answer or refuse, whatever it is. */
export interface Entry {
  readonly name: string
  /** What it may throw. */
  readonly refusal: typeof TokenError | typeof PolicyError
  input(random: SeededRandom): unknown
  take(input: unknown): unknown
}

export const entries: readonly Entry[] = [
  anything('parseCompact', strangeToken, (token) => parseCompact(token)),
  anything('decodeUnverified', strangeToken, (token) => decodeUnverified(token)),
  text('parseRefreshToken', (random) => spoiledText(`jwr_${'A'.repeat(100)}`, random), parseRefreshToken),
  text('sealedKid', (random) => spoiledText(`jws_${'A'.repeat(100)}`, random), sealedKid),
  text('decodeBase64url', (random) => spoiledText('AbCd_-09', random), decodeBase64url),
  text('restoreHeader', strangeToken, (token) => restoreHeader(token, configuredHeader({ alg: 'ES256' }))),
  text('configuredHeader', strangeToken, (segment) => configuredHeader(segment)),
  {
    name: 'parseJsonObject',
    refusal: TokenError,
    input: strangeBytes,
    take: (input) => parseJsonObject(input as Uint8Array),
  },
  {
    name: 'parseFeedMessage',
    refusal: PolicyError,
    input: (random) =>
      random.oneIn(4) ? strangeBytes(random) : Buffer.from(spoiledText(random.pick(LINES), random)),
    take: (input) => parseFeedMessage(input as Uint8Array),
  },
  {
    name: 'KeySet.fromJwks',
    refusal: TokenError,
    input: strangeKeySet,
    take: (input) => KeySet.fromJwks(input),
  },
  { name: 'parsePublicJwk', refusal: TokenError, input: strangeKey, take: parsePublicJwk },
  { name: 'parsePrivateJwk', refusal: TokenError, input: strangeKey, take: parsePrivateJwk },
  {
    name: 'importVerifyKey',
    refusal: TokenError,
    input: strangeKey,
    take: (input) => importVerifyKey(parsePublicJwk(input)),
  },
  { name: 'decide', refusal: TokenError, input: strangeClaims, take: decidedByAll },
]

function text(name: string, input: (random: SeededRandom) => string, take: (text: string) => unknown): Entry {
  return { name, refusal: TokenError, input, take: (value) => take(value as string) }
}

/** Tokens come from where nobody checks types. */
function anything(
  name: string,
  input: (random: SeededRandom) => string,
  take: (text: string) => unknown,
): Entry {
  return {
    ...text(name, input, take),
    input: (random) => (random.oneIn(10) ? strangeValue(random) : input(random)),
  }
}

function strangeToken(random: SeededRandom): string {
  if (random.oneIn(3)) return strangeBytes(random).toString('latin1')
  const { token } = specimen(random.below(2 ** 31), random.below(2 ** 31))
  return random.oneIn(2) ? token : spoiledText(token, random)
}

function strangeBytes(random: SeededRandom): Buffer {
  if (random.oneIn(2)) return Buffer.from(random.bytes(random.below(120)))
  const json = JSON.stringify(strangeObject(random, ['a', 'b', '__proto__', '\u0000'])?.toString() ?? '')
  return Buffer.from(spoiledText(random.oneIn(2) ? json : '{"a":{"b":[1,2,{"c":"d"}]},"e":1.5e3}', random))
}

/** Claims with standard names and senseless values, as an issuer that has gone mad would sign them. */
function strangeClaims(random: SeededRandom): string {
  const claims = { ...GOOD_CLAIMS, ...strangeObject(random, CLAIM_NAMES) }
  const typ = random.pick([...Object.values(tokenKinds).map((kind) => kind.typ), undefined])
  const json = JSON.stringify(claims, (_name, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  const input = [{ alg: 'HS256', typ }, json]
    .map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${input}.${createHmac('sha256', SECRET).update(input).digest('base64url')}`
}

function decidedByAll(token: unknown): void {
  const verified = verify(String(token), secretKeys.verify)
  for (const profile of profiles) decide(verified, profile, NOW)
}

const CLAIM_NAMES: readonly string[] = [...claimTable.keys(), '__proto__', 'constructor']
const GOOD_CLAIMS = {
  iss: 'https://issuer.example',
  sub: 'a',
  aud: 'https://api.example',
  exp: NOW + 60,
  iat: NOW,
  jti: 'j',
  client_id: 'c',
}
const SECRET = Buffer.from('totality-totality-totality-0123456789')
const secretKeys = importSecretKey(Secret.fromBytes(SECRET), { alg: 'HS256', kid: 'totality' })
const profiles = Object.values(tokenKinds).map(({ kind, required }) =>
  defineProfileByName({
    kind,
    issuer: required.includes('iss') ? 'https://issuer.example' : null,
    audience: required.includes('aud') ? 'https://api.example' : null,
    ...(kind === 'id' ? { nonce: null } : {}),
  } as Parameters<typeof defineProfileByName>[0]),
)
const LINES: readonly string[] = [
  '{"type":"hello","v":1,"issuer":"https://issuer.example","mode":"snapshot","after":0,"heartbeat":5}',
  '{"type":"marks","previous":0,"number":2,"marks":[["token","a",1,9],["subject","b",2,9]]}',
  '{"type":"head","number":2,"asOf":0.5}',
  '{"type":"end"}',
]
