import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, policy, type Short } from './case-group.ts'
import { claimsText, headerText, segment, type Workshop } from './workshop.ts'

/** Keys that anybody can guess or work out, each with a token that they vouch for. */
export function weakKeys(shop: Workshop): readonly HostileCase[] {
  return caseGroup('weak-key', 'RFC 7518 §3.2, §3.3; RFC 8725 §3.5', [
    ...secrets.map(([key, title, why]) => shared(shop, key, title, why)),
    ...signing.map(([key, title, why]) => published(shop, key, title, why)),
    exponentOne(shop),
    exponentEven(shop),
    modulusEven(shop),
    zeroFront(shop),
    [
      'control-2048',
      'RSA of 2048 bits with exponent 65537',
      shop.token({}, {}, 'rs256'),
      'accept',
      { keys: ['rs256'], expect: { import: 'accept' } },
    ],
    [
      'control-secret',
      'HS256 under 32 random bytes',
      shop.token({}, {}, 'hs256'),
      'accept',
      { keys: ['hs256'], policy: forSecrets, expect: { import: 'accept' } },
    ],
  ])
}

function shared(shop: Workshop, key: string, title: string, why: string): Short {
  const token = shop.token({}, {}, key)
  const expect = { import: 'key/weak' }
  return [key, title, token, 'key/weak', { why, keys: [key], policy: forSecrets, expect }]
}

function published(shop: Workshop, key: string, title: string, why: string): Short {
  return [
    key,
    title,
    shop.token({}, {}, key),
    'token/unknown-key',
    { why, keys: [key], expect: { import: 'key/weak' } },
  ]
}

/** With e = 1 the signature is the padded digest itself, which everybody can write down. */
function exponentOne(shop: Workshop): Short {
  const input = over(shop)
  const digest = createHash('sha256').update(input).digest()
  const info = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  const padding = Buffer.alloc(256 - 3 - info.length - digest.length, 0xff)
  const padded = Buffer.concat([Buffer.of(0, 1), padding, Buffer.of(0), info, digest])
  return bent(
    'rsa-exponent-1',
    'RSA with exponent 1: a forged signature fits',
    `${input}.${segment(padded)}`,
    'key/weak',
  )
}

function exponentEven(shop: Workshop): Short {
  return bent('rsa-exponent-even', 'RSA with an even exponent', forged(shop), 'key/weak')
}

function modulusEven(shop: Workshop): Short {
  return bent('rsa-even', 'RSA with an even modulus', forged(shop), 'key/weak')
}

function zeroFront(shop: Workshop): Short {
  return bent(
    'rsa-zero-front',
    'RSA whose modulus has a zero in front',
    shop.token({}, {}, 'rs256'),
    'key/malformed',
  )
}

function bent(key: string, title: string, token: string, code: string): Short {
  return [key, title, token, 'token/unknown-key', { keys: [key], expect: { import: code } }]
}

const forged = (shop: Workshop): string => `${over(shop)}.${'A'.repeat(342)}`
const over = (shop: Workshop): string =>
  `${segment(headerText({}, shop.keys.rs256?.jwk))}.${segment(claimsText())}`

const forSecrets = { ...policy, algorithms: ['HS256'] }
const LENGTH = 'RFC 7518 §3.2: a key as long as the hash or longer'
const KNOWN = 'length alone does not suffice: public lists hold known secrets of 32 characters and more'

const secrets = [
  ['hs-empty', 'HS256 under an empty secret', `${LENGTH}; CVE-2019-20933 class`],
  ['hs-short', 'HS256 under the word secret', LENGTH],
  ['hs-31', 'HS256 under 31 bytes', LENGTH],
  ['hs-zeros', 'HS256 under 32 zeros', KNOWN],
  ['hs-known', 'HS256 under the secret of a debugger’s example', KNOWN],
  ['hs-documented', 'HS256 under the secret of a product’s documentation', KNOWN],
] as const

const signing = [
  ['rsa-512', 'RSA of 512 bits', 'RFC 7518 §3.3: 2048 bits or more'],
  ['rsa-1024', 'RSA of 1024 bits', 'RFC 7518 §3.3: 2048 bits or more'],
  ['rsa-2047', 'RSA of 2047 bits', 'RFC 7518 §3.3: 2048 bits or more'],
  [
    'rsa-exponent-3',
    'RSA with exponent 3',
    'CVE-2006-4339 class: paddings that are not checked whole can be forged under low exponents',
  ],
  ['rsa-roca', 'RSA with the fingerprint of a weak generator', 'CVE-2017-15361: the modulus can be factored'],
] as const
