import { createHash } from 'node:crypto'
import type { CaseRequest, Expected, HostileCase, Step } from '../hostile-case.ts'
import { caseGroup, policy, type Short } from './case-group.ts'
import { type Members, mac, NOW, segment, type Workshop } from './workshop.ts'

/** Requests with a token that is bound to a DPoP key, and everything that can be wrong with their proof. */
export function dpop(shop: Workshop): readonly HostileCase[] {
  const scene = sceneOf(shop)
  return caseGroup('dpop', 'RFC 9449 §4.3, §7.1', [
    ...claimFaults.map(([what, title, claims, reason]) => scene.with(what, title, { claims }, reason)),
    ...headerFaults(shop).map(([what, title, header, reason]) => scene.with(what, title, { header }, reason)),
    ...forged(shop, scene),
    ...requests(scene),
    ...nonces(scene),
    ...replays(scene),
    ...equalTargets.map(([what, title, htu]) => scene.with(what, title, { claims: { htu } }, 'accept')),
    scene.with('control', 'a proof as it should be', {}, 'accept'),
  ])
}

interface Scene {
  readonly token: string
  proof(change: Change): string
  with(what: string, title: string, change: Change, reason: string, over?: Short[4]): Short
  asked(what: string, title: string, request: CaseRequest, reason: string, over?: Short[4]): Short
}

interface Change {
  readonly claims?: Members
  readonly header?: Members
  /** Whose key signs the proof. */
  readonly by?: string
}

function sceneOf(shop: Workshop): Scene {
  const holder = publicOf(shop, 'holder')
  const token = shop.token({}, { cnf: { jkt: thumbprint(holder) } })
  const proof = ({ claims = {}, header = {}, by = 'holder' }: Change): string => {
    const head = JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk: holder, ...header })
    const body = JSON.stringify({
      jti: 'proof-1',
      htm: 'GET',
      htu: URL,
      iat: NOW,
      ath: digest(token),
      ...claims,
    })
    return shop.signedTexts(head, body, by)
  }
  const asked: Scene['asked'] = (what, title, request, reason, over = {}) => [
    what,
    title,
    token,
    'accept',
    { ...over, request, policy: over.policy ?? bound, expect: answers(reason) },
  ]
  const one: Scene['with'] = (what, title, change, reason, over) =>
    asked(what, title, carrying(proof(change)), reason, over)
  return { token, proof, asked, with: one }
}

/** Only a request shows a proof. */
function answers(reason: string): Expected {
  return { verify: undefined, decide: undefined, verifier: undefined, authenticate: reason } as never
}

function carrying(...proofs: readonly string[]): CaseRequest {
  return { method: 'GET', url: URL, scheme: 'DPoP', headers: proofs.map((proof) => ['dpop', proof] as const) }
}

function publicOf(shop: Workshop, name: string): Members {
  const { kty, crv, x, y } = shop.keys[name]?.jwk ?? {}
  return { kty, crv, x, y }
}

function thumbprint({ crv, kty, x, y }: Members): string {
  return digest(JSON.stringify({ crv, kty, x, y }))
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

type Fault = readonly [what: string, title: string, members: Members, reason: string]

function headerFaults(shop: Workshop): readonly Fault[] {
  const { kid: _, ...secret } = shop.keys.holder?.private ?? {}
  return [
    ['typ-absent', 'no typ', { typ: undefined }, 'wrong-typ'],
    ['typ-jwt', 'typ JWT', { typ: 'JWT' }, 'wrong-typ'],
    ['alg-none', 'alg none', { alg: 'none' }, 'token/alg'],
    ['alg-hs256', 'alg HS256', { alg: 'HS256' }, 'token/alg'],
    ['jwk-absent', 'no key', { jwk: undefined }, 'proof-without-key'],
    ['jwk-text', 'a key that is a text', { jwk: 'key' }, 'key/malformed'],
    ['jwk-private', 'a key with its private half', { jwk: secret }, 'key/private-in-public-set'],
    [
      'jwk-secret',
      'a symmetric key',
      { jwk: { kty: 'oct', k: segment('secret') } },
      'key/private-in-public-set',
    ],
    ['jwk-other', 'another key than the token names', { jwk: publicOf(shop, 'attacker') }, 'wrong-key'],
    ['jwk-named', 'a kid in place of the key', { jwk: undefined, kid: 'holder' }, 'proof-without-key'],
    ['crit', 'a crit that nobody understands', { crit: ['x'], x: 1 }, 'token/crit'],
  ]
}

function forged(shop: Workshop, scene: Scene): readonly Short[] {
  const attacker = { header: { jwk: publicOf(shop, 'attacker') }, by: 'attacker' }
  const [head = '', body = ''] = scene.proof({}).split('.')
  const symmetric = `${segment(JSON.stringify({ typ: 'dpop+jwt', alg: 'HS256', jwk: publicOf(shop, 'holder') }))}.${body}`
  const key = JSON.stringify(publicOf(shop, 'holder'))
  return [
    scene.with('stolen-token', 'a proof by the key of whoever stole the token', attacker, 'wrong-key'),
    scene.with(
      'signed-by-other',
      'the holder’s key in the header, another one signed',
      { by: 'attacker' },
      'token/signature',
    ),
    scene.asked(
      'unsigned',
      'a proof whose signature was taken off',
      carrying(`${head}.${body}.`),
      'token/signature',
    ),
    scene.asked(
      'keyed',
      'HS256 keyed with the text of the key',
      carrying(`${symmetric}.${segment(mac('sha256', key, symmetric))}`),
      'token/alg',
    ),
    scene.asked('padded', 'a proof with padding', carrying(`${scene.proof({})}==`), 'token/base64url'),
  ]
}

function requests(scene: Scene): readonly Short[] {
  const proof = scene.proof({})
  const plain = carrying(proof)
  return [
    scene.asked('proof-absent', 'no proof', carrying(), 'proof-missing'),
    scene.asked('proof-twice', 'two proofs', carrying(proof, proof), 'proof-repeated'),
    scene.asked(
      'proof-joined',
      'two proofs joined by a comma',
      carrying(`${proof}, ${proof}`),
      'proof-repeated',
    ),
    scene.asked(
      'proof-is-token',
      'the access token in place of the proof',
      carrying(scene.token),
      'proof-without-key',
    ),
    scene.asked(
      'as-bearer',
      'a bound token as a bearer, with its proof',
      { ...plain, scheme: 'Bearer' },
      'verifier/unsupported-scheme',
    ),
    scene.asked('other-method', 'a proof for GET with a POST', { ...plain, method: 'POST' }, 'wrong-method'),
    scene.asked('other-url', 'a proof for another path', { ...plain, url: `${URL}/1` }, 'wrong-uri'),
  ]
}

function nonces(scene: Scene): readonly Short[] {
  const asking = { policy: { ...bound, dpop: { nonce: 'a secret to make nonces by, in tests alone' } } }
  return [
    scene.with('nonce-absent', 'no nonce where one is asked for', {}, 'nonce-missing', asking),
    scene.with(
      'nonce-unknown',
      'a nonce that nobody gave out',
      { claims: { nonce: 'made-up' } },
      'nonce-unknown',
      asking,
    ),
  ]
}

function replays(scene: Scene): readonly Short[] {
  const again = (after: number, change: Change, authenticate: string): Step => ({
    token: scene.token,
    after,
    request: carrying(scene.proof(change)),
    expect: { authenticate },
  })
  return [
    scene.with('replay', 'the same proof again', {}, 'accept', { next: [again(1, {}, 'replayed')] }),
    scene.with('replay-late', 'the same proof in its last second', {}, 'accept', {
      next: [again(89, {}, 'replayed')],
    }),
    scene.with('replay-resigned', 'the same jti, signed anew for another time', {}, 'accept', {
      next: [again(1, { claims: { iat: NOW + 1 } }, 'replayed')],
    }),
    scene.with('control-second', 'a second proof', {}, 'accept', {
      next: [again(1, { claims: { jti: 'proof-2' } }, 'accept')],
    }),
  ]
}

const URL = 'https://api.example/orders'
const bound = { ...policy, dpop: { nonce: null } }

const claimFaults: readonly Fault[] = [
  ['ath-absent', 'no ath', { ath: undefined }, 'wrong-token'],
  ['ath-other', 'ath of another token', { ath: digest('another') }, 'wrong-token'],
  [
    'ath-hex',
    'ath in hexadecimal',
    { ath: createHash('sha256').update('x').digest('hex') },
    'malformed-claim',
  ],
  ['ath-empty', 'an empty ath', { ath: '' }, 'malformed-claim'],
  ['htm-other', 'another method', { htm: 'POST' }, 'wrong-method'],
  ['htm-lower', 'the method in lower case', { htm: 'get' }, 'wrong-method'],
  ['htm-absent', 'no method', { htm: undefined }, 'missing-claim'],
  ['htu-absent', 'no URI', { htu: undefined }, 'missing-claim'],
  ['htu-other-path', 'another path', { htu: `${URL}/1` }, 'wrong-uri'],
  ['htu-part', 'a part of the path', { htu: 'https://api.example/order' }, 'wrong-uri'],
  ['htu-other-host', 'another host', { htu: 'https://other.example/orders' }, 'wrong-uri'],
  [
    'htu-host-longer',
    'the host and more',
    { htu: 'https://api.example.attacker.example/orders' },
    'wrong-uri',
  ],
  [
    'htu-user',
    'the host as user information',
    { htu: 'https://api.example@attacker.example/orders' },
    'wrong-uri',
  ],
  ['htu-http', 'http in place of https', { htu: 'http://api.example/orders' }, 'wrong-uri'],
  ['htu-port', 'another port', { htu: 'https://api.example:8443/orders' }, 'wrong-uri'],
  ['htu-path-case', 'the path in other case', { htu: 'https://api.example/Orders' }, 'wrong-uri'],
  ['htu-relative', 'the path alone', { htu: '/orders' }, 'wrong-uri'],
  ['htu-list', 'a list of URIs', { htu: [URL] }, 'malformed-claim'],
  ['jti-absent', 'no jti', { jti: undefined }, 'missing-claim'],
  ['jti-empty', 'an empty jti', { jti: '' }, 'malformed-claim'],
  ['iat-absent', 'no iat', { iat: undefined }, 'missing-claim'],
  ['iat-old', 'made 90 seconds ago', { iat: NOW - 90 }, 'expired'],
  ['iat-future', 'made in 31 seconds', { iat: NOW + 31 }, 'issued-in-future'],
  ['iat-text', 'iat a text', { iat: String(NOW) }, 'malformed-claim'],
  ['sub', 'a proof that speaks of a subject', { sub: 'admin' }, 'forbidden-claim'],
]

const equalTargets = [
  ['control-query', 'query and fragment are ignored', `${URL}?page=2#x`],
  ['control-host-case', 'the host in upper case', 'https://API.example/orders'],
  ['control-port', 'the default port', 'https://api.example:443/orders'],
] as const
