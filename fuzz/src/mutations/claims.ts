import { AUDIENCE, ISSUER, LONGEST_LIFETIME, NOW, SKEW } from '../draft.ts'
import type { SeededRandom } from '../random.ts'
import type { Mutation } from './mutation.ts'

/** What the claims say. All of it is signed by the right key. */
export const claimMutations: readonly Mutation[] = [
  {
    name: 'remove-claim',
    stage: 'claims',
    apply(draft, random) {
      const name = random.pick(Object.keys(draft.claims))
      delete draft.claims[name]
      return name
    },
  },
  {
    name: 'set-time',
    stage: 'claims',
    apply(draft, random) {
      const name = random.pick(['exp', 'iat', 'nbf', 'auth_time'])
      return set(draft.claims, name, time(random))
    },
  },
  {
    name: 'times-at-an-edge',
    stage: 'claims',
    apply(draft, random) {
      const times = random.pick(EDGES)
      Object.assign(draft.claims, times)
      return JSON.stringify(times)
    },
  },
  {
    name: 'set-text',
    stage: 'claims',
    apply(draft, random) {
      const name = random.pick(['iss', 'sub', 'jti', 'client_id', 'scope', 'azp', 'acr', 'sid', 'login'])
      return set(draft.claims, name, random.oneIn(3) ? otherType(random) : text(random))
    },
  },
  {
    name: 'set-issuer',
    stage: 'claims',
    apply: (draft, random) => set(draft.claims, 'iss', nearly(ISSUER, random)),
  },
  {
    name: 'set-audience',
    stage: 'claims',
    apply: (draft, random) => set(draft.claims, 'aud', audience(random)),
  },
  {
    name: 'add-claim',
    stage: 'claims',
    apply(draft, random) {
      const [name, value] = random.pick(FURTHER_CLAIMS)
      return set(draft.claims, name, random.oneIn(4) ? otherType(random) : value)
    },
  },
  {
    name: 'many-claims',
    stage: 'claims',
    apply(draft, random) {
      const count = random.pick([5, 900, 1016, 1017, 1500])
      for (let number = 0; number < count; number++) draft.claims[`c${number}`] = number
      return String(count)
    },
  },
  {
    name: 'deep-claim',
    stage: 'claims',
    apply(draft, random) {
      const depth = random.pick([2, 14, 15, 16, 40])
      let value: unknown = 1
      for (let level = 0; level < depth; level++) value = random.oneIn(2) ? [value] : { a: value }
      draft.claims.deep = value
      return String(depth)
    },
  },
]

function set(claims: Record<string, unknown>, name: string, value: unknown): string {
  claims[name] = value
  return `${name} = ${String(JSON.stringify(value)).slice(0, 60)}`
}

function time(random: SeededRandom): unknown {
  if (random.oneIn(5)) return otherType(random)
  const from = random.pick([0, -SKEW, SKEW, -LONGEST_LIFETIME, LONGEST_LIFETIME, 540, 3540, -3570, -3690])
  const near = random.pick([-1, -0.5, 0, 0.5, 1])
  return random.oneIn(5) ? random.pick(STRANGE_TIMES) : NOW + from + near
}

function audience(random: SeededRandom): unknown {
  return random.pick<() => unknown>([
    () => nearly(AUDIENCE, random),
    () => [AUDIENCE],
    () => [AUDIENCE, 'https://other.example'],
    () => ['https://other.example', AUDIENCE],
    () => ['https://other.example'],
    () => [AUDIENCE, AUDIENCE],
    () => [],
    () => [[AUDIENCE]],
    () => [AUDIENCE, otherType(random)],
    () => ({ [AUDIENCE]: true }),
    () => otherType(random),
    () => '',
    () => [''],
  ])()
}

/** A text that somebody careless takes for the wanted one. */
function nearly(wanted: string, random: SeededRandom): unknown {
  return random.pick([
    wanted,
    `${wanted}/`,
    ` ${wanted}`,
    `${wanted}.evil.example`,
    wanted.toUpperCase(),
    wanted.slice(0, -1),
    `${wanted}\u0000`,
    wanted.replace('e', '\u0435'),
    [wanted],
    ['https://evil.example', wanted],
    '',
  ])
}

function text(random: SeededRandom): string {
  return random.pick([
    '',
    ' ',
    'a',
    'read',
    'read  write',
    'é',
    '\u0000',
    '"',
    'x'.repeat(300),
    '__proto__',
    '日本',
  ])
}

function otherType(random: SeededRandom): unknown {
  return random.pick([null, true, false, 0, 1, -1, 1.5, '', '1', [], ['a'], {}, { a: 1 }, [null]])
}

/** Where one more second decides. */
const EDGES: readonly Readonly<Record<string, number>>[] = [
  { exp: NOW - SKEW },
  { exp: NOW - SKEW + 1 },
  { nbf: NOW + SKEW },
  { iat: NOW + SKEW },
  { iat: NOW - 10, exp: NOW - 10 },
  { iat: NOW + 20, exp: NOW + 10 },
  { iat: NOW, exp: NOW + LONGEST_LIFETIME },
  { iat: NOW - LONGEST_LIFETIME, exp: NOW },
  { iat: NOW - LONGEST_LIFETIME - 20, exp: NOW - 20 },
  { auth_time: NOW + SKEW },
]
const STRANGE_TIMES = [
  0,
  -0,
  -1,
  1,
  2 ** 31,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 53 + 2,
  1e308,
  NOW * 1000,
  String(NOW + 600),
  `${NOW}junk`,
  [NOW + 600],
] as const

const THUMBPRINT = 'A'.repeat(43)
const FURTHER_CLAIMS: readonly (readonly [string, unknown])[] = [
  ['nonce', 'n'],
  ['at_hash', 'h'],
  ['events', { a: {} }],
  ['htm', 'GET'],
  ['htu', 'https://api.example/'],
  ['token_introspection', { active: true }],
  ['status_list', { bits: 1 }],
  ['cnf', { jkt: THUMBPRINT }],
  ['cnf', { 'x5t#S256': THUMBPRINT }],
  ['cnf', { jwk: {} }],
  ['cnf', {}],
  ['act', { sub: 'other' }],
  ['azp', 'app'],
  ['azp', 'other'],
  ['authorization_details', [{ type: 'a' }]],
  ['status', { status_list: { idx: 1, uri: 'https://issuer.example/s' } }],
  ['amr', ['pwd']],
  ['auth_time', NOW - 100],
  ['groups', ['a', 'b']],
  ['roles', 'admin'],
  ['https://example.com/tenant', 7],
  ['constructor', 'x'],
  ['hasOwnProperty', 1],
  ['toString', null],
]
