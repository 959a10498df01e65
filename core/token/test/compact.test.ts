import { checkSignatureForm, parseCompact, verify } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { codeOf, es256, PAYLOAD, refusalOf, segment, signedTexts } from './samples.ts'

describe('parseCompact()', () => {
  test('says what it was given instead of a token, and which limit is none', () => {
    expect(refusalOf(() => parseCompact(undefined as unknown as string)).message).toBe(
      'Cannot parse the token: it is not a string',
    )
    expect(refusalOf(() => parseCompact('a.b.c', { maxLength: 65_537 })).message).toBe(
      'Cannot parse the token: maxLength is not within 1 to 65536',
    )
  })

  test.each(['', 'a', 'AA.AA', 'AA.AA.AA.AA', '.', '..', '...'])(
    'refuses %j as malformed or empty',
    (token) => {
      expect(['token/malformed', 'token/json']).toContain(codeOf(() => parseCompact(token)))
    },
  )

  test('reads a header in any alphabet, once and again', () => {
    const token = signedTexts(
      JSON.stringify({ alg: 'ES256', kid: es256.kid, note: 'é 日本' }),
      PAYLOAD,
      es256,
    )
    for (let time = 0; time < 3; time++) {
      expect(parseCompact(token).header).toMatchObject({ note: 'é 日本' })
      expect(verify(token, es256.verifyKey).header).toMatchObject({ note: 'é 日本' })
    }
  })

  test('reads a header that holds U+FFFD itself, which decoders put in place of what is broken', () => {
    const token = signedTexts(JSON.stringify({ alg: 'ES256', note: 'a\ufffdb' }), PAYLOAD, es256)
    expect(parseCompact(token).header.note).toBe('a\ufffdb')
  })
})

describe('checkSignatureForm()', () => {
  const unsigned = `${segment('{"alg":"ES256"}')}.${segment(PAYLOAD)}`

  test.each(['AA', 'AAA', 'AAAA', ''])('takes %j, which is canonical', (signature) => {
    expect(() => checkSignatureForm(parseCompact(`${unsigned}.${signature}`))).not.toThrow()
  })

  test.each(['AB', 'A', 'AAB', 'AA=', 'A+AA', 'A A'])('refuses %j', (signature) => {
    expect(codeOf(() => checkSignatureForm(parseCompact(`${unsigned}.${signature}`)))).toBe('token/base64url')
  })
})
