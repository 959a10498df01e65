import { isLoopback } from '../config/address.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Diagnosis } from './diagnosis.ts'

/** What the configuration allows, and production should not have. What it may not have at all, `config check` refuses. */
export function exposureDiagnoses({ issuer, server, metrics }: Configuration): readonly Diagnosis[] {
  const diagnoses: Diagnosis[] = []
  if (issuer.startsWith('http:'))
    diagnoses.push({
      severity: 'warning',
      subject: 'issuer',
      problem: 'is http, so that passwords and tokens travel in the clear and only this machine can use it',
      remedy: 'For more than a trial, write an https issuer',
    })
  if (!isLoopback(server.listen.host) && server.tls_cert === undefined)
    diagnoses.push({
      severity: 'note',
      subject: 'server.listen',
      problem: `is ${server.listen.host} without TLS: between the proxy and this server everything travels in the clear`,
      remedy: 'Keep that way on a network of its own, or set server.tls_cert and server.tls_key as well',
    })
  if (metrics.listen !== undefined && !isLoopback(metrics.listen.host))
    diagnoses.push({
      severity: 'note',
      subject: 'metrics.listen',
      problem: `is ${metrics.listen.host}: whoever reaches it sees how busy the server is and what is tried on it`,
      remedy: 'Let the network through to it from your Prometheus alone',
    })
  for (const network of server.trusted_proxies.filter(isWide))
    diagnoses.push({
      severity: 'warning',
      subject: 'server.trusted_proxies',
      problem: `trust ${network}: whoever is in it may claim any address`,
      remedy: 'List the addresses of the proxies alone',
    })
  return diagnoses
}

function isWide(network: string): boolean {
  const prefix = /\/([0-9]+)$/.exec(network)?.[1]
  return prefix !== undefined && Number(prefix) < SHORTEST_PREFIX
}

/** 10.0.0.0/8 is the widest network that people call their own. */
const SHORTEST_PREFIX = 8
