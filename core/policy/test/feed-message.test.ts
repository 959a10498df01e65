import {
  type FeedMessage,
  formatFeedMessage,
  type Mark,
  type MarkKind,
  markKinds,
  PolicyError,
  parseFeedMessage,
} from '@jotwarden/policy'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('formatFeedMessage()', () => {
  test('writes the lines that docs/feed.md shows', () => {
    const issuer = 'https://auth.example.com'
    const mark: Mark = { kind: 'session', id: 'p4vOfvAjs0gBWvt6nLq9Hg', number: 42, expiresAt: 1_800_000_600 }
    const lines = [
      formatFeedMessage({ type: 'hello', v: 1, issuer, mode: 'resume', after: 41, heartbeat: 1 }),
      formatFeedMessage({ type: 'marks', previous: 41, number: 43, marks: [mark] }),
      formatFeedMessage({ type: 'head', number: 43, asOf: 0.004 }),
      formatFeedMessage({ type: 'end' }),
    ]
    expect(lines).toEqual([
      '{"type":"hello","v":1,"issuer":"https://auth.example.com","mode":"resume","after":41,"heartbeat":1}',
      '{"type":"marks","previous":41,"number":43,"marks":[["session","p4vOfvAjs0gBWvt6nLq9Hg",42,1800000600]]}',
      '{"type":"head","number":43,"asOf":0.004}',
      '{"type":"end"}',
    ])
  })

  test('is read back by parseFeedMessage() as the same message, and is one line whatever ids hold', () => {
    fc.assert(
      fc.property(anyMessage(), (message) => {
        const line = formatFeedMessage(message)
        expect(line).not.toMatch(/[\r\n]/)
        expect(parse(line)).toEqual(message)
      }),
      { numRuns: 500 },
    )
  })
})

describe('parseFeedMessage()', () => {
  test('skips members it does not know, however they are nested', () => {
    const more = { later: { a: [{ b: [[1, 2], { c: null }] }] } }
    for (const message of [hello, marks, head, end])
      expect(parse(JSON.stringify({ ...message, ...more }))).toEqual(parse(JSON.stringify(message)))
  })

  test('gives undefined for a type it does not know, whatever else the line holds', () => {
    for (const type of ['', 'later', 'Hello', 'toString', '__proto__'])
      expect(parse(JSON.stringify({ ...marks, type, marks: { deep: [[[[1]]]] } }))).toBeUndefined()
  })

  test('takes a batch without marks, and one that leaves numbers out', () => {
    expect(parse('{"type":"marks","previous":3,"number":3,"marks":[]}')).toBeDefined()
    expect(parse('{"type":"marks","previous":0,"number":9007199254740991,"marks":[]}')).toBeDefined()
  })

  test('takes a mark with the last number of its batch, and one right after the previous', () => {
    for (const number of [42, 43])
      expect(parse(line(marks, { marks: [['token', 'a', number, 1]] }))).toBeDefined()
  })

  for (const [what, text] of malformed())
    test(`throws policy/feed for ${what}`, () => {
      const error = thrownBy(() => parse(text))
      expect(error).toBeInstanceOf(PolicyError)
      expect(error).toMatchObject({ code: 'policy/feed' })
    })

  test('throws policy/feed for bytes that are not UTF-8', () => {
    const bytes = new TextEncoder().encode('{"type":"end","x":"?"}')
    expect(parseFeedMessage(bytes)).toEqual({ type: 'end' })
    bytes[bytes.indexOf(0x3f)] = 0xff
    expect(thrownBy(() => parseFeedMessage(bytes))).toMatchObject({ code: 'policy/feed' })
  })

  test('throws nothing but policy/feed, whatever JSON a line holds', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(1, 'snapshot', 'resume', [['token', 'a', 1, 1]]),
    )
    const member = fc.constantFrom(...Object.keys({ ...hello, ...marks, ...head }))
    const type = fc.oneof(fc.constantFrom('hello', 'marks', 'head', 'end'), value)
    fc.assert(
      fc.property(fc.dictionary(member, value), type, (members, type) => {
        const error = thrownBy(() => parse(JSON.stringify({ ...members, type })))
        if (error !== undefined) expect(error).toMatchObject({ code: 'policy/feed' })
      }),
      { numRuns: 500 },
    )
  })

  test('names no id in its message', () => {
    const error = thrownBy(() => parse(line(marks, { marks: [['later', 'p4vOfvAjs0gBWvt6nLq9Hg', 42, 1]] })))
    expect(String(error)).toBe(
      'PolicyError: Cannot read the feed: a message of type marks is not as it should be',
    )
  })
})

function malformed(): readonly (readonly [what: string, text: string])[] {
  const wrong = { null: null, text: '1', true: true, negative: -1, array: [1], object: {} }
  const wrongNumbers = Object.entries({ ...wrong, 'missing value': undefined })
  const places = [...wrongNumbers, ['fraction', 1.5], ['number above 2^53', 2 ** 53]] as const
  const mark = (place: number, value: unknown) =>
    line(marks, { marks: [['token', 'a', 42, 1], ['token', 'b', 43, 2].with(place, value as string)] })
  return [
    ...malformedJson,
    ...Object.entries({ ...wrong, 'missing value': undefined, number: 1 })
      .filter(([form]) => form !== 'text')
      .map(([form, type]) => [`a type that is a ${form}`, line(end, { type })] as const),
    ['a type in an array', '{"type":["end"]}'],
    ['a type that cannot become a text', '{"type":{"toString":1,"valueOf":1}}'],

    ...[0, 2, 1.5, '1', null, undefined].map(
      (v) => [`hello of version ${JSON.stringify(v)}`, line(hello, { v })] as const,
    ),
    ...[1, null, undefined].map(
      (issuer) => [`hello with issuer ${issuer}`, line(hello, { issuer })] as const,
    ),
    ...['', 'Resume', 'poll', 1, null, undefined].map(
      (mode) => [`hello with mode ${JSON.stringify(mode)}`, line(hello, { mode })] as const,
    ),
    ['a snapshot after a number', line(hello, { mode: 'snapshot', after: 1 })],
    ...places.map(([form, after]) => [`hello with ${form} for after`, line(hello, { after })] as const),
    ...wrongNumbers.map(
      ([form, heartbeat]) => [`hello with ${form} for heartbeat`, line(hello, { heartbeat })] as const,
    ),
    ['a heartbeat of 0', line(hello, { heartbeat: 0 })],

    ...places.map(
      ([form, previous]) => [`marks with ${form} for previous`, line(marks, { previous })] as const,
    ),
    ...places.map(
      ([form, number]) => [`marks with ${form} for number`, line(marks, { number, marks: [] })] as const,
    ),
    ['marks whose number is below previous', line(marks, { previous: 43, number: 42, marks: [] })],
    ...[null, undefined, 'token', 1, {}].map(
      (list) => [`marks that are ${JSON.stringify(list)}`, line(marks, { marks: list })] as const,
    ),
    ['a mark at previous', line(marks, { marks: [['token', 'a', 41, 1]] })],
    ['a mark below previous', line(marks, { marks: [['token', 'a', 40, 1]] })],
    ['a mark above number', line(marks, { marks: [['token', 'a', 44, 1]] })],
    ['a good mark before one above number', mark(2, 44)],
    ...['later', 'Token', '', 'toString', '__proto__', 1, null, ['token']].map(
      (kind) => [`a mark of kind ${JSON.stringify(kind)}`, mark(0, kind)] as const,
    ),
    ...['', 1, null, ['a'], {}].map((id) => [`a mark on ${JSON.stringify(id)}`, mark(1, id)] as const),
    ...places.map(([form, number]) => [`a mark with ${form} for its number`, mark(2, number)] as const),
    ...wrongNumbers.map(
      ([form, expiresAt]) => [`a mark with ${form} for its expiry`, mark(3, expiresAt)] as const,
    ),
    ...[[], ['token', 'a', 42], ['token', 'a', 42, 1, 2], null, 'token', { kind: 'token' }].map(
      (list) => [`${JSON.stringify(list)} in place of a mark`, line(marks, { marks: [list] })] as const,
    ),

    ...places.map(([form, number]) => [`a head with ${form} for number`, line(head, { number })] as const),
    ...wrongNumbers.map(([form, asOf]) => [`a head with ${form} for asOf`, line(head, { asOf })] as const),
  ]
}

const hello = { type: 'hello', v: 1, issuer: 'https://a.example', mode: 'resume', after: 41, heartbeat: 1 }
const marks = { type: 'marks', previous: 41, number: 43, marks: [['token', 'a', 42, 1]] }
const head = { type: 'head', number: 43, asOf: 0.5 }
const end = { type: 'end' }

const malformedJson = [
  ['an empty line', ''],
  ['text', 'end'],
  ['a JSON text', '"end"'],
  ['a JSON array', '[{"type":"end"}]'],
  ['null', 'null'],
  ['half a line', '{"type":"end"'],
  ['two objects', '{"type":"end"}{"type":"end"}'],
  ['a byte order mark', '\uFEFF{"type":"end"}'],
  ['an object without type', '{}'],
  ['type twice', '{"type":"head","type":"end"}'],
  ['type twice, once escaped', '{"type":"later","\\u0074ype":"end"}'],
  ['number twice', '{"type":"head","number":43,"number":44,"asOf":0}'],
  ['an unknown member twice', '{"type":"end","x":1,"x":1}'],
  ['an unknown type with a member twice', '{"type":"later","x":{"y":1,"y":1}}'],
  ['a number beyond doubles', '{"type":"head","number":43,"asOf":1e999}'],
] as const

function anyMessage(): fc.Arbitrary<FeedMessage> {
  const place = fc.nat({ max: Number.MAX_SAFE_INTEGER })
  const seconds = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
  const kind = fc.constantFrom(...(Object.keys(markKinds) as MarkKind[]))
  const id = fc.string({ minLength: 1, unit: 'binary' })
  return fc.oneof(
    fc.record({ type: fc.constant('end' as const) }),
    fc.record({ type: fc.constant('head' as const), number: place, asOf: seconds }),
    fc
      .record({
        type: fc.constant('hello' as const),
        v: fc.constant(1 as const),
        issuer: fc.webUrl(),
        mode: fc.constantFrom('snapshot' as const, 'resume' as const),
        after: place,
        heartbeat: seconds.filter((value) => value > 0),
      })
      .map((message) => (message.mode === 'snapshot' ? { ...message, after: 0 } : message)),
    fc
      .record({
        type: fc.constant('marks' as const),
        previous: fc.nat({ max: Number.MAX_SAFE_INTEGER - 1000 }),
        marks: fc.array(
          fc.record({ kind, id, number: fc.integer({ min: 1, max: 1000 }), expiresAt: seconds }),
        ),
      })
      .map(({ previous, marks, ...message }) => ({
        ...message,
        previous,
        number: previous + Math.max(0, ...marks.map((mark) => mark.number)),
        marks: marks.map((mark) => ({ ...mark, number: previous + mark.number })),
      })),
  )
}

function line(message: object, changes: object): string {
  return JSON.stringify({ ...message, ...changes })
}

function parse(text: string): FeedMessage | undefined {
  return parseFeedMessage(new TextEncoder().encode(text))
}

function thrownBy(act: () => unknown): unknown {
  try {
    act()
    return undefined
  } catch (error) {
    return error
  }
}
