import { foreignKey, fuzzAlgorithms, testKey } from '../keys.ts'
import type { SeededRandom } from '../random.ts'
import type { Mutation } from './mutation.ts'

/** What the header says. All of it is signed by the right key, unless the name says otherwise. */
export const headerMutations: readonly Mutation[] = [
  member('set-alg', (random) => ['alg', random.pick(ALGS)]),
  member('set-typ', (random) => ['typ', random.pick(TYPS)]),
  member('set-kid', (random) => ['kid', random.pick(KIDS)]),
  member('set-crit', (random) => ['crit', random.pick(CRITS)]),
  member('add-member', (random) => random.pick(FURTHER_MEMBERS)),
  {
    name: 'older-name-of-ed25519',
    stage: 'header',
    apply(draft) {
      draft.header.alg = 'EdDSA'
      return ''
    },
  },
  {
    name: 'remove-member',
    stage: 'header',
    apply(draft, random) {
      const name = random.pick(Object.keys(draft.header))
      delete draft.header[name]
      return name
    },
  },
  {
    name: 'crit-understood-by-nobody',
    stage: 'header',
    apply(draft) {
      draft.header.crit = ['x']
      draft.header.x = 1
      return 'crit = ["x"], x = 1'
    },
  },
  {
    name: 'sign-with-foreign-key',
    stage: 'header',
    apply(draft) {
      draft.signing = { alg: 'ES256', key: foreignKey() }
      return 'of ES256'
    },
  },
  {
    name: 'sign-with-other-alg',
    stage: 'header',
    apply(draft, random) {
      const alg = random.pick(fuzzAlgorithms)
      draft.signing = { alg, key: testKey(alg).signing }
      if (random.oneIn(2)) draft.header.alg = alg
      return `${alg}, header ${String(draft.header.alg)}`
    },
  },
]

function member(name: string, choose: (random: SeededRandom) => readonly [string, unknown]): Mutation {
  return {
    name,
    stage: 'header',
    apply(draft, random) {
      const [member, value] = choose(random)
      draft.header[member] = value
      return `${member} = ${String(JSON.stringify(value)).slice(0, 60)}`
    },
  }
}

const ALGS = [
  'none',
  'None',
  'NONE',
  '',
  'HS256',
  'HS512',
  'RS256',
  'RS512',
  'PS256',
  'ES256',
  'ES256K',
  'ES384',
  'EdDSA',
  'Ed25519',
  'es256',
  'ES256 ',
  null,
  256,
  ['ES256'],
  { a: 1 },
] as const
const TYPS = [
  'at+jwt',
  'AT+JWT',
  'application/at+jwt',
  'APPLICATION/at+JWT',
  'application/application/at+jwt',
  'at+jwt; charset=utf-8',
  ' at+jwt',
  'JWT',
  'jwt',
  'dpop+jwt',
  'logout+jwt',
  'at+jw\u0442',
  '',
  null,
  1,
  ['at+jwt'],
] as const
const KIDS = [
  ...fuzzAlgorithms.map((alg) => `key-${alg}`),
  'unknown',
  '',
  '../../dev/null',
  "' OR 1=1 --",
  '__proto__',
  'constructor',
  'k'.repeat(256),
  'k'.repeat(257),
  null,
  7,
  ['key-ES256'],
] as const
const CRITS = [
  [],
  ['b64'],
  ['exp'],
  ['alg'],
  ['x'],
  ['x', 'x'],
  [''],
  [1],
  'x',
  '',
  null,
  false,
  0,
  {},
] as const
const FURTHER_MEMBERS: readonly (readonly [string, unknown])[] = [
  ['b64', true],
  ['b64', false],
  ['b64', 'x'],
  ['enc', 'A256GCM'],
  ['zip', 'DEF'],
  ['zip', null],
  ['epk', {}],
  ['apu', 'a'],
  ['iv', 'a'],
  ['tag', 'a'],
  ['p2c', 1],
  ['p2s', 'a'],
  ['cty', 'JWT'],
  ['cty', 'application/jwt'],
  ['cty', 'json'],
  ['cty', 1],
  ['jku', 'https://evil.example/jwks'],
  ['x5u', 'https://evil.example/cert'],
  ['x5c', ['MIIB']],
  ['jwk', { kty: 'oct', k: 'AA' }],
  ['x5t', 'AA'],
  ['nonce', 'n'],
  ['iss', 'https://evil.example'],
  ['unknown', { a: [1, 2, { b: null }] }],
  ['deep', [[[[[1]]]]]],
]
