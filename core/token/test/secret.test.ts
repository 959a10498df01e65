import { Buffer } from 'node:buffer'
import { format, inspect } from 'node:util'
import { Secret } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'

const TEXT = 'correct horse battery staple'
const secret = Secret.fromText(TEXT)

describe('Secret', () => {
  test.each([
    ['String()', String(secret), '[secret]'],
    ['a template', `${secret}`, '[secret]'],
    ['concatenation', `a ${secret} b`, 'a [secret] b'],
    ['JSON', JSON.stringify({ secret }), '{"secret":"[secret]"}'],
    ['inspect', inspect(secret), '[secret]'],
    [
      'inspect of hidden members',
      inspect({ secret }, { depth: 9, showHidden: true }),
      '{ secret: [secret] }',
    ],
    ['format with %s', format('%s', secret), '[secret]'],
    ['format with %o', format('%o', secret), '[secret]'],
    ['format with %j', format('%j', secret), '"[secret]"'],
    ['a spread', JSON.stringify({ ...secret }), '{}'],
    ['own names', Reflect.ownKeys(secret).join(), ''],
    ['a structured clone', JSON.stringify(structuredClone(secret)), '{}'],
    ['Object.assign', JSON.stringify(Object.assign({}, secret)), '{}'],
  ])('shows nothing to %s', (_, shown, expected) => {
    expect(shown).toBe(expected)
  })

  test('reveal and revealText give the value back', () => {
    expect(secret.revealText()).toBe(TEXT)
    expect(Buffer.from(secret.reveal()).toString()).toBe(TEXT)
    expect(Secret.fromText('ünïcode 🔑').revealText()).toBe('ünïcode 🔑')
  })

  test('reveal copies, and fromBytes keeps a copy', () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const held = Secret.fromBytes(bytes)
    bytes.fill(0)
    held.reveal().fill(9)
    expect([...held.reveal()]).toEqual([1, 2, 3])
    expect(held.reveal().buffer.byteLength).toBe(3)
  })
})
