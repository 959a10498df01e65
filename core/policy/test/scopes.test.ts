import { isScope, PolicyError, parseScope, scopeIncludes } from '@jotwarden/policy'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('parseScope()', () => {
  test('keeps order and drops repetitions', () => expect(parseScope('b a b')).toEqual(['b', 'a']))

  for (const text of ['', ' ', 'a  b', ' a', 'a ', 'a\tb', 'a"', 'a\\b', 'é', 'a\n'])
    test(`throws policy/scope for ${JSON.stringify(text)}`, () => {
      expect(isScope(text)).toBe(false)
      expect(() => parseScope(text)).toThrow(PolicyError)
    })

  test('is the inverse of joining', () => {
    const alphabet = [...'!#$%&()*+,-./09:;<=>?@AZ[]^_`az{|}~']
    const value = fc
      .array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 8 })
      .map((some) => some.join(''))
    fc.assert(
      fc.property(fc.uniqueArray(value, { minLength: 1, maxLength: 8 }), (scopes) => {
        expect(parseScope(scopes.join(' '))).toEqual(scopes)
      }),
    )
  })
})

describe('scopeIncludes()', () => {
  test('asks for all of them, whole values only', () => {
    expect(scopeIncludes(['read', 'write'], ['write', 'read'])).toBe(true)
    expect(scopeIncludes(['read'], ['read', 'write'])).toBe(false)
    expect(scopeIncludes(['readwrite'], 'read')).toBe(false)
    expect(scopeIncludes([], [])).toBe(true)
  })
})
