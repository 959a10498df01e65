import { createHmac } from 'node:crypto'
import { importMacKey, keyedHash, Secret } from '@jotwarden/token'
import { expect, test } from 'vitest'
import { bytesOf, segment } from './samples.ts'

const key = importMacKey(segment(bytesOf('kid', 8)), Secret.fromBytes(bytesOf('mac', 32)))

test('keyedHash is the first 16 bytes of HMAC-SHA-256 over label, NUL and text', () => {
  const digest = createHmac('sha256', bytesOf('mac', 32)).update('network\u0000192.0.2.0').digest()
  expect(keyedHash(key, 'network', '192.0.2.0')).toBe(digest.subarray(0, 16).toString('base64url'))
})

test('keyedHash keeps labels, texts and keys apart', () => {
  const other = importMacKey(key.kid, Secret.fromBytes(bytesOf('other', 32)))
  const hashes = [
    keyedHash(key, 'a', 'bc'),
    keyedHash(key, 'ab', 'c'),
    keyedHash(key, 'abc', ''),
    keyedHash(key, '', 'abc'),
    keyedHash(key, 'a', 'b'),
    keyedHash(other, 'a', 'bc'),
  ]
  expect(new Set(hashes).size).toBe(hashes.length)
  for (const hash of hashes) expect(hash).toMatch(/^[A-Za-z0-9_-]{22}$/)
})
