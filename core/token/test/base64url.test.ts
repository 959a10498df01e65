import { Buffer } from 'node:buffer'
import { decodeBase64url, encodeBase64url } from '@jotwarden/token'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeOf } from './samples.ts'

describe('decodeBase64url', () => {
  test('gives back what encodeBase64url was given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = encodeBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect([...decodeBase64url(text)]).toEqual([...bytes])
      }),
    )
  })

  test('accepts exactly one text for each bytes: all texts of up to 3 characters', () => {
    const seen = new Set<string>()
    let accepted = 0
    const visit = (text: string): void => {
      const bytes = decoded(text)
      if (bytes !== undefined) {
        accepted++
        seen.add(Buffer.from(bytes).toString('hex'))
        if (encodeBase64url(bytes) !== text) throw new Error('a second spelling was accepted')
      }
      if (text.length < 3) for (const character of ALPHABET) visit(text + character)
    }
    visit('')
    expect(accepted).toBe(1 + 256 + 65_536)
    expect(seen.size).toBe(accepted)
  })

  test.each([
    'A',
    'AAAAA',
    'AB',
    'AAB',
    'AA=',
    'AA==',
    'AAA=',
    'AA A',
    ' AA',
    'AA\n',
    'AA+A',
    'AA/A',
    'AA.A',
    'ÀAAA',
    'AAA\0',
  ])('refuses %j', (text) => {
    expect(codeOf(() => decodeBase64url(text))).toBe('token/base64url')
  })
})

test('encodeBase64url writes the given window of a larger buffer alone', () => {
  expect(encodeBase64url(Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4))).toBe('AQID')
})

function decoded(text: string): Uint8Array | undefined {
  try {
    return decodeBase64url(text)
  } catch {
    return undefined
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
