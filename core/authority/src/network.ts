import type { Keyring } from '@jotwarden/keyring'
import { keyedHash, type MacKey } from '@jotwarden/token'

/** Names a caller's network without telling it: a keyed hash of the address's prefix; null when there is no address. */
export type NetworkHash = (address: string | undefined) => string | null

/**
 * Hashes the /24 of an IPv4 address and the /48 of an IPv6 one, so that a phone that changes its address within one
 * provider's block does not look like somebody else.
 */
export function createNetworkHash(issuer: string, keyring: Keyring): NetworkHash {
  const known = new Map<string, string>()
  let kid = ''
  return (address) => {
    const prefix = address === undefined ? undefined : networkPrefix(address)
    if (prefix === undefined) return null
    const key = keyring.macKey()
    if (key.kid !== kid || known.size >= MOST_KNOWN) known.clear()
    kid = key.kid
    const hash = known.get(prefix) ?? hashOf(issuer, key, prefix)
    known.set(prefix, hash)
    return hash
  }
}

/** The name of the address's network under one key; null when the text is no address. */
export function networkHash(issuer: string, key: MacKey, address: string): string | null {
  const prefix = networkPrefix(address)
  return prefix === undefined ? null : hashOf(issuer, key, prefix)
}

function hashOf(issuer: string, key: MacKey, prefix: string): string {
  return keyedHash(key, 'jotwarden/network', `${issuer}\0${prefix}`)
}

/** The /24 of an IPv4 address or the /48 of an IPv6 one, without what follows; undefined when it is no address. */
export function networkPrefix(address: string): string | undefined {
  if (address.length > 64) return undefined
  const bare = address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
  const v4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(bare)
  if (v4 !== null) return v4[1]
  if (!/^[0-9a-f:]{2,45}$/i.test(bare)) return undefined
  const [head = '', tail] = bare.toLowerCase().split('::')
  const groups = head.split(':').filter((group) => group !== '')
  if (tail !== undefined) while (groups.length < 3) groups.push('0')
  return groups
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

const MOST_KNOWN = 1000
