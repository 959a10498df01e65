import { BlockList, isIP, isIPv4 } from 'node:net'

/** Where a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Reads `HOST:PORT`, with an IPv6 host in brackets; `undefined` when it is anything else. */
export function parseAddress(text: string): Address | undefined {
  const match = ADDRESS.exec(text)
  if (match === null) return undefined
  const host = match[1] ?? match[2] ?? ''
  const port = Number(match[3])
  if (port > 65_535) return undefined
  if (match[1] !== undefined && isIP(host) !== 6) return undefined
  return { host, port }
}

/** Whether only this machine can reach the host. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  if (isIP(host) === 0) return false
  return loopback.check(host, isIPv4(host) ? 'ipv4' : 'ipv6')
}

/** The address as it stands in a URL. */
export function formatAddress(address: Address): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  return `${host}:${address.port}`
}

const ADDRESS = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})$/
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
