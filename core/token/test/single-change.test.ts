import { verify } from '@jotwarden/token'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ed25519,
  es256,
  everyAlgorithm,
  everySample,
  hs256,
  refusalOf,
  rs256,
  signedToken,
} from './samples.ts'

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('verify: any single-character change of a valid token is refused', () => {
  test.each(everyAlgorithm)('at random, for $alg', (sample) => {
    const token = signedToken(sample)
    const character = fc.oneof(
      fc.constantFrom(...BASE64URL),
      fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.nat(token.length - 1), character, (at, replacement) => {
        fc.pre(token[at] !== replacement)
        const changed = token.slice(0, at) + replacement + token.slice(at + 1)
        refusalOf(() => verify(changed, sample.verifyKey))
      }),
      { numRuns: everySample.includes(sample) ? 1000 : 250 },
    )
  })

  test.each(everyAlgorithm)('by a removal, a doubling or a swap, at every place, for $alg', (sample) => {
    const token = signedToken(sample)
    for (let at = 0; at < token.length; at++) {
      const character = token.charAt(at)
      const swapped = token.charAt(at + 1) + character
      refusalOf(() => verify(token.slice(0, at) + token.slice(at + 1), sample.verifyKey))
      refusalOf(() => verify(token.slice(0, at) + character + token.slice(at), sample.verifyKey))
      if (at + 1 < token.length && character !== token.charAt(at + 1))
        refusalOf(() => verify(token.slice(0, at) + swapped + token.slice(at + 2), sample.verifyKey))
    }
  })

  test.each([
    { sample: es256, alphabet: `${BASE64URL}.=+/ ` },
    { sample: hs256, alphabet: `${BASE64URL}.=+/ ` },
  ])('to each character of the alphabet at every place, for $sample.alg', ({ sample, alphabet }) => {
    const token = signedToken(sample)
    let refused = 0
    for (let at = 0; at < token.length; at++) {
      for (const replacement of alphabet) {
        if (replacement === token[at]) continue
        refusalOf(() => verify(token.slice(0, at) + replacement + token.slice(at + 1), sample.verifyKey))
        refused++
      }
    }
    expect(refused).toBe(token.length * (alphabet.length - 1))
  })
})

test('verify refuses every proper prefix and suffix of a valid token', () => {
  for (const sample of [es256, ed25519, rs256, hs256]) {
    const token = signedToken(sample)
    for (let at = 1; at < token.length; at++) {
      refusalOf(() => verify(token.slice(0, at), sample.verifyKey))
      refusalOf(() => verify(token.slice(at), sample.verifyKey))
    }
  }
})
