/** One password in every form, made with Python 3.11: `crypt` (libxcrypt) for bcrypt, `hashlib` for the others. */
export const PASSWORD = 'correct horse battery'

export const vectors = {
  'bcrypt $2a$': '$2a$06$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.',
  'bcrypt $2b$': '$2b$06$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.',
  'bcrypt $2y$': '$2y$06$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.',
  'scrypt PHC': '$scrypt$ln=12,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$mQODSPipO7v2IkeXX6QyBSRUHAy5goafrJaPOn9CN2o',
  'PBKDF2 passlib, SHA-256':
    '$pbkdf2-sha256$29000$AAECAwQFBgcICQoLDA0ODw$QKlCDPGRoLK139911fz4wmw.qxtasIBS/3PnV5Q49G0',
  'PBKDF2 PHC, SHA-256':
    '$pbkdf2-sha256$i=29000,l=32$AAECAwQFBgcICQoLDA0ODw$QKlCDPGRoLK139911fz4wmw+qxtasIBS/3PnV5Q49G0',
  'PBKDF2 passlib, SHA-512':
    '$pbkdf2-sha512$29000$AAECAwQFBgcICQoLDA0ODw$daADzkkLkCG75EuGNDJDjU4hRQN/9FhvuQgZNz.Z.IJ08n.rUhZKGUijuyZ451szbSzyVCp99DSvywGNnCAOZw',
  'PBKDF2 PHC, SHA-512':
    '$pbkdf2-sha512$i=29000,l=64$AAECAwQFBgcICQoLDA0ODw$daADzkkLkCG75EuGNDJDjU4hRQN/9FhvuQgZNz+Z+IJ08n+rUhZKGUijuyZ451szbSzyVCp99DSvywGNnCAOZw',
  'PBKDF2 Django': 'pbkdf2_sha256$29000$seasalt22$SczcXi6B2hGrFLNb1Uur9iO1LGHatQmHig7nnwWdUqE=',
} as const

/** From others: password, hash. */
export const published: readonly (readonly [string, string, string])[] = [
  // RFC 7914 §12
  [
    'scrypt, RFC 7914, NaCl',
    'password',
    '$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA',
  ],
  [
    'scrypt, RFC 7914, SodiumChloride',
    'pleaseletmein',
    '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw',
  ],
  // phc-winner-argon2, src/test.c
  [
    'argon2i of the reference',
    'password',
    '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8',
  ],
  [
    'argon2id of the reference',
    'password',
    '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc',
  ],
  // Made with OpenSSL 3; the reference has no vector without a secret
  [
    'argon2d',
    'password',
    '$argon2d$v=19$m=256,t=2,p=1$c29tZXNhbHQ$JcTui6RIBUtJ78gE5Hi52CO+H5vS6Z9R1uxAB6OhUB8',
  ],
  // Openwall crypt_blowfish, wrapper.c
  ['bcrypt of Openwall', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  [
    'bcrypt of Openwall, a longer one',
    'U*U*',
    '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK',
  ],
  ['bcrypt of Openwall, no password', '', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy'],
]
