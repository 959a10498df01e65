import { decrypt, encrypt } from '@jotwarden/token/jwe'
import fc from 'fast-check'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  AGREEMENTS,
  CURVES,
  dirSample,
  ENCS,
  type JweSample,
  pairSample,
  passwordSample,
  systemRandom,
  WRAPPERS,
  wrapSample,
} from './samples.ts'

const symmetric: readonly JweSample[] = [
  ...ENCS.map(([enc, length]) => dirSample(enc, length)),
  ...WRAPPERS.flatMap(([alg, length]) => ENCS.map(([enc]) => wrapSample(alg, length, enc))),
]
const asymmetric: readonly JweSample[] = await Promise.all([
  ...ENCS.map(([enc]) => pairSample('RSA-OAEP-256', '', enc)),
  ...AGREEMENTS.flatMap((alg) =>
    CURVES.flatMap((crv) => ENCS.map(async ([enc]) => pairSample(alg, crv, enc))),
  ),
])
const passwords: readonly JweSample[] = ENCS.flatMap(([enc]) => [
  passwordSample('PBES2-HS256+A128KW', enc),
  passwordSample('PBES2-HS384+A192KW', enc),
  passwordSample('PBES2-HS512+A256KW', enc),
])

describe.each([...symmetric, ...asymmetric, ...passwords])('$title', (sample) => {
  test('decrypt gives back what encrypt was given, whatever it is', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (plaintext) => {
      const token = await encrypt(plaintext, sample.encrypt, systemRandom)
      const decrypted = await decrypt(token, sample.decrypt)
      expect(Uint8Array.from(decrypted.plaintext)).toEqual(plaintext)
      expect(decrypted.header).toMatchObject({ alg: sample.alg, enc: sample.enc })
    })
    await fc.assert(property, { numRuns: 4 })
  })

  test('plain jose reads what encrypt makes', async () => {
    const plaintext = Uint8Array.of(1, 2, 3)
    const token = await encrypt(plaintext, sample.encrypt, systemRandom)
    const joses = await compactDecrypt(token, sample.josePrivate, { keyManagementAlgorithms: [sample.alg] })
    expect(Uint8Array.from(joses.plaintext)).toEqual(plaintext)
  })

  test('decrypt reads what plain jose makes', async () => {
    const plaintext = Uint8Array.of(1, 2, 3)
    const jwe = new CompactEncrypt(plaintext).setProtectedHeader({ alg: sample.alg, enc: sample.enc })
    if (sample.alg.startsWith('PBES2')) jwe.setKeyManagementParameters({ p2c: 1000 })
    const token = await jwe.encrypt(sample.josePublic)
    expect(Uint8Array.from((await decrypt(token, sample.decrypt)).plaintext)).toEqual(plaintext)
  })
})

test('encrypt takes keys, vectors and salts from the Random it is given, each as long as it must be', async () => {
  const asked: number[] = []
  const random = {
    bytes(length: number): Uint8Array {
      asked.push(length)
      return new Uint8Array(length).fill(asked.length)
    },
  }
  for (const sample of [wrapSample('A128GCMKW', 16, 'A256GCM'), dirSample('A128CBC-HS256', 32)]) {
    asked.length = 0
    const one = await encrypt(Uint8Array.of(9), sample.encrypt, random)
    const lengths = [...asked]
    asked.length = 0
    expect(await encrypt(Uint8Array.of(9), sample.encrypt, random)).toBe(one)
    expect(lengths).toEqual(sample.alg === 'dir' ? [16] : [12, 32, 12])
  }
})

test('encrypt refuses a Random that gives another length than it was asked for', async () => {
  const { encrypt: key } = dirSample('A256GCM', 32)
  await expect(encrypt(Uint8Array.of(1), key, { bytes: () => new Uint8Array(4) })).rejects.toThrow(TypeError)
})

test('encrypt writes no zip, and the header says what it was told', async () => {
  const { encrypt: key, decrypt: other } = await pairSample('ECDH-ES', 'P-256', 'A128GCM')
  const options = {
    typ: 'x',
    cty: 'y',
    apu: Uint8Array.of(1),
    apv: Uint8Array.of(2),
    replicated: { iss: 'z' },
  }
  const { header } = await decrypt(await encrypt(Uint8Array.of(1), key, systemRandom, options), other)
  expect(header).toEqual({
    alg: 'ECDH-ES',
    enc: 'A128GCM',
    typ: 'x',
    cty: 'y',
    apu: 'AQ',
    apv: 'Ag',
    iss: 'z',
    epk: expect.anything(),
  })
})
