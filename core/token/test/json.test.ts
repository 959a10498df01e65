import { Buffer } from 'node:buffer'
import { type JsonLimits, type JsonObject, parseJsonObject } from '@jotwarden/token'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeOf, refusalOf } from './samples.ts'

function parsed(text: string, limits: JsonLimits = {}): JsonObject {
  return parseJsonObject(Buffer.from(text, 'utf8'), limits)
}

/** Members as pairs, so that a name can be written twice; the names come from a small set so that it happens. */
interface Written {
  readonly text: string
  readonly twice: boolean
}

const scalar = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  )
  .map((value): Written => ({ text: JSON.stringify(value), twice: false }))

const name = fc.constantFrom(
  '"sub"',
  '"\\u0073ub"',
  '"s\\u0075b"',
  '"a"',
  '"\\u0061"',
  '":"',
  '"\\""',
  '"{"',
  '""',
  '"exp"',
)

const { object } = fc.letrec<{ value: Written; object: Written; array: Written }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, tie('object'), tie('array')),
  object: fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((members) => ({
    text: `{ ${members.map(([key, value]) => `${key}\t:\n${value.text}`).join(' , ')} }`,
    twice:
      new Set(members.map(([key]) => JSON.parse(key))).size < members.length ||
      members.some(([, value]) => value.twice),
  })),
  array: fc.array(tie('value'), { maxLength: 4 }).map((elements) => ({
    text: `[${elements.map((element) => element.text).join(' ,')} ]`,
    twice: elements.some((element) => element.twice),
  })),
}))

describe('parseJsonObject', () => {
  describe('reads escaped names for what they are, whatever JSON.parse has read before', () => {
    // V8 takes the second name of the right one for the second name of the left one (nodejs/node#63785)
    const pairs: readonly [poison: string, text: string, value: unknown][] = [
      ['{"aud":1,"\\\\u0":2}', '{"aud":"a","\\u0063nf":{}}', { aud: 'a', cnf: {} }],
      ['{"aud":1,"\\\\":2}', '{"aud":"a","\\u003a":[1]}', { aud: 'a', ':': [1] }],
      ['{"aud":1,"\\\\":2}', '{"aud":"a","\\"" : "\\""}', { aud: 'a', '"': '"' }],
      ['{"aud":1,"b\\\\":2}', '{"aud":"a","b\\/":-1.5e3}', { aud: 'a', 'b/': -1500 }],
      ['{"o":{"x":1,"a\\\\":2}}', ' {"o":{"x":[ ] ,\n"a\\t"\t:null}}', { o: { x: [], 'a\t': null } }],
    ]
    for (const [poison, text, value] of pairs)
      test(text, () => {
        for (let times = 0; times < 4; times++) JSON.parse(poison)
        expect(parsed(poison)).toEqual(JSON.parse(poison))
        expect(parsed(text)).toEqual(value)
      })

    test('also where a string is longer than the engine can look through', () => {
      const text = `{"a\\n":"${'x'.repeat(20_000_000)}"}`
      expect(refusalOf(() => parsed(text))).toMatchObject({
        code: 'token/json',
        message: 'Cannot read the JSON: it holds too long a string',
      })
    })

    test('so that none hides a name that is there twice', () => {
      for (let times = 0; times < 4; times++) JSON.parse('{"aud":"z","\\\\u0":1}')
      expect(codeOf(() => parsed('{"aud":"x","\\u0061ud":"y"}'))).toBe('token/duplicate-member')
    })

    test('nor a name that must not be', () => {
      for (let times = 0; times < 4; times++) JSON.parse('{"a":1,"\\\\u005f_pr":1}')
      expect(codeOf(() => parsed('{"a":1,"\\u005f_proto__":1}'))).toBe('token/json')
      expect(codeOf(() => parsed('{"a":1,"\\ud800":1}'))).toBe('token/json')
    })
  })

  test('agrees with JSON.parse on every object that JSON.stringify writes', () => {
    const record = fc.dictionary(
      fc.string({ unit: 'grapheme' }),
      fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' }),
    )
    fc.assert(
      fc.property(record, (value) => {
        const text = JSON.stringify(value)
        fc.pre(!text.includes('__proto__'))
        expect(parsed(text)).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  test('never accepts a text to which JSON.parse gives another value', () => {
    let accepted = 0
    const record = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 })
    const character = fc.constantFrom(...'{}[]:,"\\ \t\n\0/u0159eE.+-tfn\ufeff\u00a0é')
    fc.assert(
      fc.property(record, fc.nat(), character, fc.boolean(), (value, place, inserted, replaces) => {
        const text = JSON.stringify(value)
        const at = place % (text.length + 1)
        const changed = text.slice(0, at) + inserted + text.slice(at + Number(replaces))
        const own = acceptedValue(() => parsed(changed))
        if (own === undefined) return
        accepted++
        expect(own).toEqual(JSON.parse(changed))
      }),
      { numRuns: 2000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  test('refuses a member twice at every level, however it is spelled, and nothing else', () => {
    let duplicates = 0
    fc.assert(
      fc.property(object, ({ text, twice }) => {
        if (twice) expect(codeOf(() => parsed(text))).toBe('token/duplicate-member')
        else expect(parsed(text)).toEqual(JSON.parse(text))
        duplicates += Number(twice)
      }),
      { numRuns: 1500 },
    )
    expect(duplicates).toBeGreaterThan(50)
  })

  test('is not misled by structure inside strings', () => {
    const text = JSON.stringify({ a: '{"a":1,"a":2}', b: '\\":"', c: '[[[[[[[[[[[[[[[[[[[[', '"a":': '\\' })
    expect(parsed(text)).toEqual(JSON.parse(text))
  })

  test('is not misled by colons that begin a name or a string, nor by white space before a colon', () => {
    for (const text of ['{"a" :1,"a":":x"}', '{"a":":x","a"\n:1}', '{":":1,":":2}', '{"a":":","a":":"}'])
      expect(codeOf(() => parsed(text))).toBe('token/duplicate-member')
    for (const text of ['{"a" :1,"b":":x"}', '{":":":","::":[":",":a"]}', '{"a":" :","b"\t:"\u003a"}'])
      expect(parsed(text)).toEqual(JSON.parse(text))
  })

  test('takes the same name in different objects', () => {
    expect(parsed('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}')).toEqual({
      a: { a: { a: 1 } },
      b: [{ a: 1 }, { a: 1 }],
    })
  })

  test('counts depth and members of the whole text', () => {
    expect(parsed(`{"a":${'['.repeat(15)}${']'.repeat(15)}}`)).toHaveProperty('a')
    expect(codeOf(() => parsed(`{"a":${'['.repeat(16)}${']'.repeat(16)}}`))).toBe('token/json')
    expect(parsed('{"a":{"b":1},"c":{"d":1}}', { maxMembers: 4 })).toHaveProperty('c')
    expect(codeOf(() => parsed('{"a":{"b":1},"c":{"d":1}}', { maxMembers: 3 }))).toBe('token/json')
  })

  test.each(['', '\\n'])('counts the same where a text holds the escape %j', (inside) => {
    const text = `{"a":{"b":["${inside}"]},"c":[{"d":1},{"d":2},[]]}`
    expect(parsed(text, { maxDepth: 3, maxMembers: 5 })).toEqual(JSON.parse(text))
    expect(codeOf(() => parsed(text, { maxDepth: 2 }))).toBe('token/json')
    expect(codeOf(() => parsed(text, { maxMembers: 4 }))).toBe('token/json')
  })

  test.each(['null', 'true', 'false', '1', '"text"'])('counts %s as no level', (scalar) => {
    expect(parsed(`{"a":${scalar}}`, { maxDepth: 1 })).toEqual({ a: JSON.parse(scalar) })
    expect(parsed(`{"a":[${scalar}]}`, { maxDepth: 2 })).toEqual({ a: [JSON.parse(scalar)] })
  })

  test('takes names that objects inherit, as own members', () => {
    expect(Object.entries(parsed('{"constructor":1,"toString":2,"hasOwnProperty":3}'))).toHaveLength(3)
  })

  test.each<[message: string, text: string, limits?: JsonLimits]>([
    ['its syntax is wrong', '{'],
    ['its root is not an object', '[]'],
    ['it is nested too deeply', '{"a":[[]]}', { maxDepth: 2 }],
    ['it is nested too deeply', '{"a":[["\\n"]]}', { maxDepth: 2 }],
    ['it has too many members', '{"a":1,"b":2}', { maxMembers: 1 }],
    ['it has too many members', '{"a":1,"b":"\\n"}', { maxMembers: 1 }],
    // Before more is done with it
    ['it has too many members', '{"a":1,"b":"\\n"', { maxMembers: 1 }],
    ['a number is out of range', '{"a":1e999}'],
    ['a member is named __proto__', '{"__proto__":1}'],
    ['it holds a lone surrogate', '{"a":"\\ud800"}'],
    ['a limit is not a whole number within 1 to 64', '{}', { maxDepth: 65 }],
    ['a limit is not a whole number within 1 to 65536', '{}', { maxMembers: 65_537 }],
    ['a member name appears twice', '{"a":1,"a":1}'],
  ])('says that %s', (message, text, limits) => {
    expect(refusalOf(() => parsed(text, limits)).message).toBe(`Cannot read the JSON: ${message}`)
  })

  test('reads only the given window of a larger buffer', () => {
    const bytes = Buffer.from('xx{"a":1}xx')
    expect(parseJsonObject(new Uint8Array(bytes.buffer, bytes.byteOffset + 2, 7))).toEqual({ a: 1 })
  })

  test('refuses limits that would be none', () => {
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, 0, -1, 2.5]) {
      expect(codeOf(() => parsed('{}', { maxDepth: odd }))).toBe('token/limits')
      expect(codeOf(() => parsed('{}', { maxMembers: odd }))).toBe('token/limits')
    }
    expect(parsed('{}', { maxDepth: 64, maxMembers: 65_536 })).toEqual({})
    expect(codeOf(() => parsed('{}', { maxDepth: 65 }))).toBe('token/limits')
  })
})

function acceptedValue(act: () => JsonObject): JsonObject | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
