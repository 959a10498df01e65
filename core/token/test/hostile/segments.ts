import {
  es256,
  everySample,
  type KeySample,
  PAYLOAD,
  segment,
  signedSegments,
  signedToken,
} from '../samples.ts'
import type { HostileToken } from './hostile-token.ts'

/** Texts that another reader would take for a good token: odd base64url, odd structure (RFC 7515 §2, RFC 8725bis §3.14). */
export function segmentAttacks(): readonly HostileToken[] {
  return [...twins(), ...signedTwins(), ...dots(), ...otherSerialisations(), ...sizes()]
}

/** A good token, spelled otherwise: a lenient decoder gives the same bytes, so a deny list by text would miss it. */
function twins(): HostileToken[] {
  return everySample.flatMap((sample) =>
    [0, 1, 2].flatMap((at) =>
      spellings(segmentsOf(signedToken(sample), at)).map(([title, spelled]) => ({
        title: `${sample.alg}, segment ${at}: ${title}`,
        token: replaced(signedToken(sample), at, spelled),
        keys: sample.verifyKey,
        code: 'token/base64url' as const,
      })),
    ),
  )
}

/** The same, with a signature over the odd text itself. */
function signedTwins(): HostileToken[] {
  return [0, 1].flatMap((at) => {
    const good = signedToken(es256)
    return spellings(segmentsOf(good, at)).map(([title, spelled]) => {
      const header = at === 0 ? spelled : segmentsOf(good, 0)
      const payload = at === 1 ? spelled : segmentsOf(good, 1)
      const token = signedSegments(header, payload, es256)
      return {
        title: `signed, segment ${at}: ${title}`,
        token,
        keys: es256.verifyKey,
        code: 'token/base64url' as const,
      }
    })
  })
}

function spellings(good: string): (readonly [string, string])[] {
  const middle = Math.floor(good.length / 2)
  const inside = (text: string): string => good.slice(0, middle) + text + good.slice(middle)
  const odd: (readonly [string, string])[] = [
    ['padded by one', `${good}=`],
    ['padded by two', `${good}==`],
    [
      'one lone character more',
      good + 'A'.repeat(((5 - (good.length % 4)) % 4) + (good.length % 4 === 1 ? 4 : 0)),
    ],
    ...[
      ' ',
      '\n',
      '\r\n',
      '\t',
      '\0',
      '+',
      '/',
      '"',
      '{',
      '%2E',
      'é',
      '\u2028',
      '\ufeff',
      ',',
      '~',
      '*',
    ].flatMap(
      (text) =>
        [
          [`${JSON.stringify(text)} inside`, inside(text)],
          [`${JSON.stringify(text)} at the end`, good + text],
          [`${JSON.stringify(text)} in front`, text + good],
        ] as const,
    ),
  ]
  return [...odd, ...unusedBits(good)]
}

/** Every other last character that decodes to the same bytes. */
function unusedBits(good: string): (readonly [string, string])[] {
  const unused = good.length % 4 === 2 ? 16 : good.length % 4 === 3 ? 4 : 1
  const last = ALPHABET.indexOf(good.slice(-1))
  return Array.from({ length: unused - 1 }, (_, bits) => [
    `unused bits ${bits + 1}`,
    good.slice(0, -1) + ALPHABET.charAt(last + bits + 1),
  ])
}

function dots(): HostileToken[] {
  const good = signedToken(es256)
  const [header, payload, signature] = good.split('.')
  const texts = [
    ['', 'no segment'],
    [`${header}`, 'a header alone'],
    [`${header}.${payload}`, 'no signature and no dot for it'],
    [`${good}.`, 'a fourth, empty segment'],
    [`.${good}`, 'an empty segment in front'],
    [`${good}.${signature}`, '4 segments'],
    [`${header}..${payload}.${signature}`, 'an empty segment inside'],
    [`${good}.${good}`, '6 segments'],
    [`${good}.${good}.`, '7 segments'],
    ['......', '6 dots'],
    [good.replaceAll('.', ''), 'no dots'],
    [good.replaceAll('.', '%2E'), 'escaped dots'],
    [good.replaceAll('.', '\u3002'), 'ideographic full stops'],
    [`${'a'.repeat(20)}.`, 'one dot'],
  ] as const
  const fiveParts = `${header}.${payload}.${signature}.${payload}.${signature}`
  const others = [
    [fiveParts, '5 segments, as a JWE has', 'token/encrypted'],
    [`.${payload}.${signature}`, 'an empty header', 'token/json'],
    ['..', '2 dots', 'token/json'],
    [signedSegments(segmentsOf(good, 0), '', es256), 'a signed empty payload', 'token/json'],
    [`${header}..${signature}`, 'an empty payload under another signature', 'token/signature'],
  ] as const
  return [
    ...texts.map(([token, title]) => ({
      title,
      token,
      keys: es256.verifyKey,
      code: 'token/malformed' as const,
    })),
    ...others.map(([token, title, code]) => ({ title, token, keys: es256.verifyKey, code })),
  ]
}

function otherSerialisations(): HostileToken[] {
  const good = signedToken(es256)
  const [header = '', payload = '', signature = ''] = good.split('.')
  const flat = JSON.stringify({ payload, protected: header, signature })
  const general = JSON.stringify({ payload, signatures: [{ protected: header, signature }] })
  const jwe = [
    segment('{"alg":"dir","enc":"A256GCM"}'),
    '',
    segment('iv'),
    segment('text'),
    segment('tag'),
  ].join('.')
  return [
    { title: 'flattened JSON', token: flat, keys: es256.verifyKey, code: 'token/malformed' },
    { title: 'general JSON', token: general, keys: es256.verifyKey, code: 'token/malformed' },
    { title: 'a JWE in compact form', token: jwe, keys: es256.verifyKey, code: 'token/encrypted' },
    polyglot('JSON that holds a good token', `{"${good}":1}`),
    polyglot('a good token in quotes', `"${good}"`),
    polyglot('a good token after its scheme', `Bearer ${good}`),
    polyglot('JSON whose text is a token for a lenient splitter', `{"a":".${payload}.${signature}"}`),
    polyglot('a header that opens a JSON object', `{${good}`),
  ]
}

function polyglot(title: string, token: string): HostileToken {
  return { title, token, keys: es256.verifyKey, code: 'token/base64url' }
}

function sizes(): HostileToken[] {
  const oversized = (title: string, token: string): HostileToken => ({
    title,
    token,
    keys: es256.verifyKey,
    code: 'token/too-large',
  })
  return [
    oversized('a million dots', '.'.repeat(1_000_000)),
    oversized('a megabyte of letters', 'a'.repeat(1_000_000)),
    oversized('one character over the limit', `${'a'.repeat(16_380)}.a.aa`),
    { ...oversized('the limit exactly', `${'a'.repeat(16_379)}.a.aa`), code: 'token/base64url' },
    oversized('a signed token over the limit', bulky(es256)),
  ]
}

function bulky(sample: KeySample): string {
  return signedSegments(
    segment(JSON.stringify({ alg: sample.alg, kid: sample.kid })),
    segment(JSON.stringify({ ...JSON.parse(PAYLOAD), bulk: 'x'.repeat(16_000) })),
    sample,
  )
}

function segmentsOf(token: string, at: number): string {
  return token.split('.')[at] ?? ''
}

function replaced(token: string, at: number, spelled: string): string {
  return token
    .split('.')
    .map((own, index) => (index === at ? spelled : own))
    .join('.')
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
