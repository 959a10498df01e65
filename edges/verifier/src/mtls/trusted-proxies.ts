import { BlockList, isIP } from 'node:net'
import { invalid } from '../invalid-option.ts'

/**
 * Reads a list of addresses and CIDR ranges into the question whether an address is in it; one that is unknown, as
 * behind a Unix socket, is not. Throws `verifier/options` for an empty list, for what is no address or range, and for a
 * range of everything.
 */
export function trustedProxies(proxies: readonly string[]): (address: string | undefined) => boolean {
  if (!Array.isArray(proxies) || proxies.length === 0)
    throw invalid('mtls.from.proxies', 'names none', 'pass the addresses or CIDR ranges of the proxies')
  const list = new BlockList()
  for (const proxy of proxies) addProxy(list, proxy)
  return (address) => {
    const plain = address?.replace(zone, '').replace(ipv4InIpv6, '') ?? ''
    return isIP(plain) !== 0 && list.check(plain, familyOf(plain))
  }
}

function addProxy(list: BlockList, proxy: unknown): void {
  const [, address = '', prefix] = (typeof proxy === 'string' && addressOrRange.exec(proxy)) || []
  const bits = prefix === undefined ? undefined : Number(prefix)
  const most = isIP(address) === 4 ? 32 : 128
  if (isIP(address) === 0 || (bits !== undefined && (bits < 1 || bits > most)))
    throw invalid(
      'mtls.from.proxies',
      'holds what is no address or range of some',
      'pass such as 10.0.0.7, 10.0.0.0/8 or fd00::/8',
    )
  if (bits === undefined) list.addAddress(address, familyOf(address))
  else list.addSubnet(address, bits, familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}

const addressOrRange = /^([0-9A-Fa-f:.]+)(?:\/([0-9]{1,3}))?$/
const zone = /%.*$/
const ipv4InIpv6 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i
