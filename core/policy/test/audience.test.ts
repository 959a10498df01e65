import { audienceIncludes, isSoleAudience } from '@jotwarden/policy'
import { expect, test } from 'vitest'

test('audienceIncludes() takes either side as one text or several', () => {
  expect(audienceIncludes('a', 'a')).toBe(true)
  expect(audienceIncludes(['b', 'a'], 'a')).toBe(true)
  expect(audienceIncludes('a', ['c', 'a'])).toBe(true)
  expect(audienceIncludes(['a', 'b'], ['c', 'd'])).toBe(false)
})

test('audienceIncludes() never takes a part, another case or nothing for a match', () => {
  expect(audienceIncludes('api.example', 'api')).toBe(false)
  expect(audienceIncludes('api', 'api.example')).toBe(false)
  expect(audienceIncludes('API', 'api')).toBe(false)
  expect(audienceIncludes([], 'api')).toBe(false)
  expect(audienceIncludes('api', [])).toBe(false)
})

test('isSoleAudience() counts parties', () => {
  expect(isSoleAudience('a')).toBe(true)
  expect(isSoleAudience(['a'])).toBe(true)
  expect(isSoleAudience(['a', 'b'])).toBe(false)
  expect(isSoleAudience([])).toBe(false)
})
