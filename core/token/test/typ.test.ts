import { normalizeTyp } from '@jotwarden/token'
import { expect, test } from 'vitest'

test.each([
  ['at+jwt', 'at+jwt'],
  ['AT+JWT', 'at+jwt'],
  ['application/at+jwt', 'at+jwt'],
  ['APPLICATION/At+Jwt', 'at+jwt'],
  ['application/a/b', 'application/a/b'],
  ['text/at+jwt', 'text/at+jwt'],
  ['application/application/at+jwt', 'application/application/at+jwt'],
  [' at+jwt', ' at+jwt'],
  ['at+jwt;v=1', 'at+jwt;v=1'],
  ['at+\u212awt', 'at+\u212awt'],
  ['\u0130', '\u0130'],
  ['', ''],
])('normalizeTyp(%j) is %j (RFC 7515 §4.1.9)', (typ, normal) => {
  expect(normalizeTyp(typ)).toBe(normal)
})
