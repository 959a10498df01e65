import type { PasswordHasher } from '@jotwarden/authority'
import { createArgon2Hasher } from '@jotwarden/hasher-argon2'
import { Secret } from '@jotwarden/token'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// From the reference implementation: phc-winner-argon2, src/test.c, argon2id, version 0x13, "somesalt" and others.
const vectors = [
  [
    'm=65536,t=2,p=1',
    'c29tZXNhbHQ',
    '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7',
    'password',
  ],
  [
    'm=256,t=2,p=1',
    'c29tZXNhbHQ',
    '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe',
    'password',
  ],
  [
    'm=256,t=2,p=2',
    'c29tZXNhbHQ',
    '6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037',
    'password',
  ],
  [
    'm=65536,t=1,p=1',
    'c29tZXNhbHQ',
    'f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98',
    'password',
  ],
  [
    'm=65536,t=4,p=1',
    'c29tZXNhbHQ',
    '9025d48e68ef7395cca9079da4c4ec3affb3c8911fe4f86d1a2520856f63172c',
    'password',
  ],
  [
    'm=65536,t=2,p=1',
    'c29tZXNhbHQ',
    '0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde',
    'differentpassword',
  ],
  [
    'm=65536,t=2,p=1',
    'ZGlmZnNhbHQ',
    'bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c',
    'password',
  ],
] as const

describe('verify() against the reference implementation', () => {
  for (const [parameters, salt, hash, password] of vectors)
    test(`matches ${parameters} with ${password}, and no other password`, async () => {
      const phc = `$argon2id$v=19$${parameters}$${salt}$${Buffer.from(hash, 'hex').toString('base64').replace(/=+$/, '')}`
      expect(await hasher.verify(Secret.fromText(password), phc)).toMatch(/^match/)
      expect(await hasher.verify(Secret.fromText(`${password}x`), phc)).toBe('mismatch')
    })
})

let hasher: PasswordHasher
beforeAll(() => {
  hasher = createArgon2Hasher()
})
afterAll(() => hasher.close())
