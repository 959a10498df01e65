import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, type Short } from './case-group.ts'
import { AUDIENCE, ISSUER, type Workshop } from './workshop.ts'

/** Claims of the wrong type or the wrong value, well signed. */
export function claims(shop: Workshop): readonly HostileCase[] {
  return caseGroup('claims', 'RFC 7519 §4.1, RFC 8725 §3.8, §3.9', [
    ...wrong.map(
      ([what, title, members, reason, why]): Short => [
        what,
        title,
        shop.token({}, members),
        reason,
        { ...(why === undefined ? {} : { why }), ...(LED_NOWHERE.test(what) ? amongSeveral : {}) },
      ],
    ),
    ...bound.map(([what, title, cnf]): Short => [what, title, shop.token({}, { cnf }), 'accept', unproven]),
    [
      'control-list',
      'this API among several audiences',
      shop.token({}, { aud: ['https://other.example', AUDIENCE] }),
      'accept',
    ],
    ['control-list-of-one', 'a list of this API alone', shop.token({}, { aud: [AUDIENCE] }), 'accept'],
  ])
}

/** Where several issuers are known, the token is led to none of them. */
const LED_NOWHERE = /^iss-(list|absent|null|empty)/
const amongSeveral = { expect: { several: 'wrong-issuer' } }

/** A bound token without its proof is a stolen one (RFC 9449 §7.1). */
const unproven = {
  why: 'RFC 9449 §7.1, RFC 8705 §3: a bound token is refused as a bearer',
  expect: { verifier: 'sender-constrained', authenticate: 'sender-constrained' },
}

const bound: readonly (readonly [what: string, title: string, cnf: unknown])[] = [
  ['cnf-jkt', 'bound to a DPoP key, presented as a bearer', { jkt: 'A'.repeat(43) }],
  ['cnf-x5t', 'bound to a certificate, presented as a bearer', { 'x5t#S256': 'A'.repeat(43) }],
]

const ISS = 'CVE-2025-30144, CVE-2024-53861 class: one text, compared whole'
const AUD = 'CVE-2020-26160, CVE-2024-5798 class: demanded, typed, compared whole'

const wrong: readonly (readonly [
  what: string,
  title: string,
  claims: Readonly<Record<string, unknown>>,
  reason: string,
  why?: string,
])[] = [
  [
    'iss-list',
    'a list of issuers, ours among them',
    { iss: ['https://attacker.example', ISSUER] },
    'malformed-claim',
    ISS,
  ],
  ['iss-list-of-one', 'a list of our issuer alone', { iss: [ISSUER] }, 'malformed-claim', ISS],
  ['iss-absent', 'no iss', { iss: undefined }, 'missing-claim', ISS],
  ['iss-null', 'iss null', { iss: null }, 'malformed-claim', ISS],
  ['iss-empty', 'an empty iss', { iss: '' }, 'malformed-claim', ISS],
  ['iss-part', 'a part of the issuer', { iss: 'https://issuer' }, 'wrong-issuer', ISS],
  ['iss-longer', 'the issuer and more', { iss: `${ISSUER}.attacker.example` }, 'wrong-issuer', ISS],
  ['iss-slash', 'the issuer and a slash', { iss: `${ISSUER}/` }, 'wrong-issuer', ISS],
  ['iss-case', 'the issuer in other case', { iss: 'https://Issuer.example' }, 'wrong-issuer', ISS],
  ['iss-other', 'another issuer, the same key', { iss: 'https://attacker.example' }, 'wrong-issuer', ISS],
  ['aud-absent', 'no aud', { aud: undefined }, 'missing-claim', AUD],
  ['aud-null', 'aud null', { aud: null }, 'malformed-claim', AUD],
  ['aud-empty', 'an empty aud', { aud: '' }, 'malformed-claim', AUD],
  ['aud-empty-list', 'an empty list', { aud: [] }, 'malformed-claim', AUD],
  ['aud-other', 'another API', { aud: 'https://other.example' }, 'wrong-audience', AUD],
  [
    'aud-others',
    'a list without this API',
    { aud: ['https://other.example', `${AUDIENCE}/x`] },
    'wrong-audience',
    AUD,
  ],
  ['aud-part', 'a part of this API', { aud: 'https://api' }, 'wrong-audience', AUD],
  ['aud-joined', 'several in one text', { aud: `https://other.example ${AUDIENCE}` }, 'wrong-audience', AUD],
  ['aud-number', 'a number in the list', { aud: [AUDIENCE, 1] }, 'malformed-claim', AUD],
  ['aud-nested', 'a list in the list', { aud: [[AUDIENCE]] }, 'malformed-claim', AUD],
  ['aud-object', 'an object', { aud: { [AUDIENCE]: true } }, 'malformed-claim', AUD],
  ['sub-absent', 'no sub', { sub: undefined }, 'missing-claim'],
  ['sub-list', 'a list for sub', { sub: ['user-1', 'admin'] }, 'malformed-claim'],
  ['sub-number', 'a number for sub', { sub: 1 }, 'malformed-claim'],
  ['sub-empty', 'an empty sub', { sub: '' }, 'malformed-claim'],
  ['jti-absent', 'no jti', { jti: undefined }, 'missing-claim'],
  ['jti-number', 'a number for jti', { jti: 1 }, 'malformed-claim'],
  ['client-absent', 'no client_id', { client_id: undefined }, 'missing-claim'],
  ['client-list', 'a list for client_id', { client_id: ['client-1'] }, 'malformed-claim'],
  ['scope-list', 'a list for scope', { scope: ['read', 'write'] }, 'malformed-claim', 'RFC 9068 §2.2.3'],
  ['scope-tab', 'scopes parted by a tab', { scope: 'read\twrite' }, 'malformed-claim', 'RFC 6749 §3.3'],
  ['scope-object', 'an object for scope', { scope: { admin: true } }, 'malformed-claim', 'RFC 9068 §2.2.3'],
  ['cnf-text', 'a text for cnf', { cnf: 'jkt' }, 'malformed-claim', 'RFC 7800 §3.1'],
  [
    'cnf-unknown',
    'a confirmation that nobody knows',
    { cnf: { kid: 'es-1' } },
    'unknown-confirmation',
    'RFC 7800 §3.1',
  ],
  [
    'cnf-short',
    'a thumbprint of 42 characters',
    { cnf: { jkt: 'A'.repeat(42) } },
    'malformed-claim',
    'RFC 9449 §6.1',
  ],
  [
    'act-undeclared',
    'an actor beside the subject',
    { act: { sub: 'service' } },
    'undeclared-claim',
    'RFC 8693 §4.1',
  ],
  [
    'details-undeclared',
    'grants that say what for',
    { authorization_details: [{ type: 'payment', limit: 1 }] },
    'undeclared-claim',
    'RFC 9396 §9.1',
  ],
  [
    'sub-id-undeclared',
    'a second subject',
    { sub_id: { format: 'email', email: 'a@b.example' } },
    'undeclared-claim',
    'RFC 9493 §4.1',
  ],
  [
    'crit-claim',
    'claims that have to be understood',
    { crit: ['limit'], limit: 1 },
    'undeclared-claim',
    'OpenID Federation §3.1.1',
  ],
  [
    'sd-undeclared',
    'digests in place of claims',
    { _sd: ['A'.repeat(43)], _sd_alg: 'sha-256' },
    'undeclared-claim',
    'RFC 9901 §4',
  ],
  ['uses-undeclared', 'good for one use', { at_use_nbr: 1 }, 'undeclared-claim', 'ETSI GS NFV-SEC 022'],
  [
    'azp-other',
    'issued to another than its client',
    { azp: 'client-2' },
    'wrong-authorized-party',
    'OpenID Connect Core §2',
  ],
]
