import { BlockList, isIP } from 'node:net'
import { ServerError } from './errors.ts'

/** Who is believed about where a request comes from. */
export interface ProxyTrust {
  trusts(address: string | undefined): boolean
  /**
   * The client's address: the direct peer's, or, while that is a trusted proxy, the right-most entry of
   * `X-Forwarded-For` that is not one. What is not an address ends the walk.
   */
  clientAddress(direct: string | undefined, forwardedFor: string | null): string | undefined
}

/** Reads the list of proxies. Throws `server/options` when an entry is neither an address nor a CIDR range. */
export function trustProxies(proxies: readonly string[]): ProxyTrust {
  const list = new BlockList()
  for (const proxy of proxies) addProxy(list, proxy)
  const trusts = (address: string | undefined): boolean => {
    const plain = plainAddress(address)
    return plain !== undefined && list.check(plain, familyOf(plain))
  }
  return {
    trusts,
    clientAddress(direct, forwardedFor) {
      let current = plainAddress(direct)
      const hops = forwardedFor === null ? [] : forwardedFor.split(',')
      while (hops.length > 0 && trusts(current)) {
        const next = plainAddress(hops.pop()?.trim())
        if (next === undefined) break
        current = next
      }
      return current
    },
  }
}

function addProxy(list: BlockList, proxy: string): void {
  const [address = '', prefix, ...rest] = proxy.split('/')
  const family = isIP(address)
  const bits = prefix === undefined ? undefined : Number(prefix)
  const isRange = bits === undefined || (/^\d{1,3}$/.test(prefix ?? '') && bits <= (family === 4 ? 32 : 128))
  if (family === 0 || !isRange || rest.length > 0) {
    throw new ServerError(
      'server/options',
      'Cannot trust a proxy: an entry of trustedProxies is neither an address nor a CIDR range',
    )
  }
  if (bits === undefined) list.addAddress(address, familyOf(address))
  else list.addSubnet(address, bits, familyOf(address))
}

/** Without port, brackets, zone and the IPv4-in-IPv6 form; undefined when it is no address. */
function plainAddress(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LONGEST_ADDRESS) return undefined
  const bare = IPV4_WITH_PORT.exec(text)?.[1] ?? IPV6_IN_BRACKETS.exec(text)?.[1] ?? text
  const address = bare.replace(ZONE, '').replace(MAPPED, '')
  return isIP(address) === 0 ? undefined : address
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}

/** Characters; an IPv6 address with zone, brackets and port has fewer. What is longer is not read at all. */
const LONGEST_ADDRESS = 64
const IPV4_WITH_PORT = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/
const IPV6_IN_BRACKETS = /^\[([^\]]+)\](?::\d{1,5})?$/
const ZONE = /%.*$/
const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i
