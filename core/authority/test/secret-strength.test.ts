import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { isWeakSecret } from '../src/secret-strength.ts'

test.each([
  ['a word', 'secret'],
  ['a password', 'Tr0ub4dor&3'],
  ['one letter again and again', 'a'.repeat(64)],
  ['digits in a row, again and again', '0123456789'.repeat(4)],
  ['a few words', 'correct horse battery staple'],
  ['words with a year', 'Company-Orders-Web-2024!'],
  ['a name that says what it is', 'development-only-secret-of-dev-web'],
  ['eight random characters', 'x7Kq9ZpL'],
])('isWeakSecret() finds %s', (_, text) => {
  expect(isWeakSecret(text)).toBe(true)
})

test('isWeakSecret() takes what other servers make: of a thousand of each kind it finds one at most weak', () => {
  const made: Readonly<Record<string, (bytes: Buffer) => string>> = {
    'base64url of 32 bytes': (bytes) => `jwc_${bytes.toString('base64url')}`,
    'hexadecimal of 32 bytes': (bytes) => bytes.toString('hex'),
    'hexadecimal of 16 bytes': (bytes) => bytes.toString('hex', 0, 16),
    'a UUID': (bytes) => bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    'base64 of 24 bytes': (bytes) => bytes.toString('base64', 0, 24),
  }
  for (const [kind, make] of Object.entries(made)) {
    // The same in each run, and as good as random
    const texts = Array.from({ length: 1000 }, (_, count) =>
      make(hash('sha256', `${kind} ${count}`, 'buffer')),
    )
    expect([kind, texts.filter(isWeakSecret).length]).toEqual([kind, expect.toSatisfy((weak) => weak <= 1)])
  }
})
