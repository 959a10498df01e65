import { inspect } from 'node:util'
import { examineHash, ImportedHashError } from '@jotwarden/hasher-imported'
import { describe, expect, test } from 'vitest'
import { published, vectors } from './vectors.ts'

describe('examineHash()', () => {
  test('names the form of each, with neither salt nor hash', () => {
    const forms = [...Object.values(vectors), ...published.map(([, , hash]) => hash)].map((hash) =>
      examineHash(hash),
    )
    expect(new Set(forms.map(({ form }) => form))).toEqual(
      new Set([
        'bcrypt, cost 6',
        'bcrypt, cost 5',
        'scrypt, ln=12, r=8, p=1',
        'scrypt, ln=10, r=8, p=16',
        'scrypt, ln=14, r=8, p=1',
        'pbkdf2-sha256, 29000 iterations',
        'pbkdf2-sha512, 29000 iterations',
        'argon2i, m=256, t=2, p=1',
        'argon2d, m=256, t=2, p=1',
        'argon2id, m=256, t=2, p=2',
      ]),
    )
  })

  test('says what is weak, and says nothing of what is not', () => {
    const tail = 'AAECAwQFBgcICQoLDA0ODw$QKlCDPGRoLK139911fz4wmw+qxtasIBS/3PnV5Q49G0'
    expect(examineHash(`$pbkdf2-sha256$i=600000$${tail}`).weakness).toBeNull()
    expect(examineHash(`$pbkdf2-sha256$i=599999$${tail}`).weakness).toMatch(/PBKDF2/)
    expect(examineHash(`$scrypt$ln=14,r=8,p=1$${tail}`).weakness).toBeNull()
    expect(examineHash(`$scrypt$ln=13,r=8,p=1$${tail}`).weakness).toMatch(/scrypt/)
    expect(examineHash(`$argon2id$v=19$m=19456,t=2,p=1$${tail}`).weakness).toBeNull()
    expect(examineHash(`$argon2id$v=19$m=4096,t=3,p=1$${tail}`).weakness).toMatch(/argon2/)
    expect(examineHash(bcrypt(10)).weakness).toBeNull()
    expect(examineHash(bcrypt(9)).weakness).toMatch(/bcrypt/)
    expect(
      examineHash('$pbkdf2-sha256$i=600000$AAAA$QKlCDPGRoLK139911fz4wmw+qxtasIBS/3PnV5Q49G0').weakness,
    ).toMatch(/salt/)
  })

  const salted = 'AAECAwQFBgcICQoLDA0ODw$QKlCDPGRoLK139911fz4wmw+qxtasIBS/3PnV5Q49G0'
  for (const hash of [
    bcrypt(17),
    bcrypt(31),
    `$scrypt$ln=30,r=8,p=1$${salted}`,
    `$scrypt$ln=99,r=9999,p=1$${salted}`,
    `$scrypt$ln=18,r=8,p=16$${salted}`,
    `$pbkdf2-sha256$i=5000001$${salted}`,
    `pbkdf2_sha256$9999999999$salt$QKlCDPGRoLK139911fz4wmw+qxtasIBS/3PnV5Q49G0=`,
    `$argon2i$v=19$m=4294967295,t=1,p=1$${salted}`,
    `$argon2id$v=19$m=262144,t=17,p=1$${salted}`,
    `$argon2d$v=19$m=256,t=1,p=17$${salted}`,
  ])
    test(`refuses the cost of ${hash.slice(0, 24)}`, () => {
      expect(refusal(hash).code).toBe('hasher/excessive-cost')
    })

  test('takes the highest costs, and no form takes more than some seconds', () => {
    for (const hash of [
      bcrypt(16),
      `$scrypt$ln=18,r=8,p=1$${salted}`,
      `$pbkdf2-sha512$i=5000000$${salted}`,
      `$argon2id$v=19$m=262144,t=16,p=1$${salted}`,
    ])
      expect(examineHash(hash).work).toBeLessThan(5000)
  })

  const unsupported = [
    ['MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['SHA-1', '5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8'],
    ['SHA-1', '{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='],
    ['SHA-2', '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8'],
    ['MD5-crypt', '$1$abcdefgh$G//4keteveJp0qb8z2DxG/'],
    [
      'SHA-512-crypt',
      '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiQFdcbYEdFCoEOfaS35inz1',
    ],
    ['phpass', '$P$BWZ9UVBOGm6h.K8uLw4Yx6eG4ZyVJz1'],
    ['yescrypt', '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7'],
    ['bcrypt of this version', bcrypt(10).replace('$2b$', '$2x$')],
    ['argon2 of version 16', `$argon2i$m=65536,t=2,p=1$${salted}`],
  ] as const
  for (const [name, hash] of unsupported)
    test(`refuses ${hash.slice(0, 6)}… as ${name} and says what to do instead`, () => {
      const error = refusal(hash)
      expect(error.code).toBe('hasher/unsupported-hash')
      expect(error.message).toContain(name)
      expect(error.message).toContain('set a new password')
      expect(inspect(error)).not.toContain(hash)
    })

  const malformed = [
    ['nothing', ''],
    ['a password', 'correct horse battery'],
    ['a line end', `${bcrypt(10)}\n`],
    ['a short bcrypt', bcrypt(10).slice(0, -1)],
    ['bcrypt cost 3', bcrypt(10).replace('$10$', '$03$')],
    ['bcrypt cost 32', bcrypt(10).replace('$10$', '$32$')],
    ['no salt', `$pbkdf2-sha256$i=600000$$QKlCDPGRoLK139911fz4wmw`],
    ['a short hash', `$pbkdf2-sha256$i=600000$AAECAwQFBgcICQoLDA0ODw$AAAA`],
    ['a length that is not that of the hash', `$pbkdf2-sha256$i=600000,l=64$${salted}`],
    ['loose last bits', `$scrypt$ln=14,r=8,p=1$${salted.replace(/0$/, '1')}`],
    ['padding', `$scrypt$ln=14,r=8,p=1$${salted}=`],
    ['argon2 with less memory than lanes need', `$argon2id$v=19$m=16,t=2,p=4$${salted}`],
    ['argon2 with a short salt', '$argon2id$v=19$m=256,t=2,p=1$AAAA$QKlCDPGRoLK139911fz4wmw'],
    ['too much', 'x'.repeat(100_000)],
  ] as const
  for (const [name, hash] of malformed)
    test(`refuses ${name} as malformed`, () => {
      expect(refusal(hash).code).toBe('hasher/malformed-hash')
    })
})

function bcrypt(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.`
}

function refusal(hash: string): ImportedHashError {
  try {
    examineHash(hash)
  } catch (error) {
    if (error instanceof ImportedHashError) return error
    throw error
  }
  throw new Error('It was taken')
}
