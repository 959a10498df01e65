import { Buffer } from 'node:buffer'
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { invalid } from '../invalid-option.ts'
import type { KeyAnchors } from '../key-anchors.ts'

/** Whom to trust. */
export interface CertificateAnchorsOptions {
  /** Certificates of authorities, PEM, one each. */
  readonly anchors: readonly string[]
}

/**
 * Takes a published key only if its `x5c` leads to one of these anchors (RFC 7517 §4.7, RFC 5280 §6): at most five
 * certificates, each signed by the next, the last by an anchor, all within their validity, every issuer a certificate
 * authority, and the first one of the very key beside it. Revocation lists, name constraints, path lengths and policies
 * are not looked at: use anchors that issue for this purpose alone. A system's own trust store is never used.
 * Runs where `node:crypto` has X509Certificate. Throws `verifier/options`.
 */
export function certificateAnchors({ anchors }: CertificateAnchorsOptions): KeyAnchors {
  if (!Array.isArray(anchors) || anchors.length === 0)
    throw invalid('anchors', 'names none', 'pass the PEM certificates of the authorities to trust')
  const trusted = anchors.map(anchorOf)
  return Object.freeze({
    vouchFor(jwk: unknown, now: number): boolean {
      try {
        return leadsToAnchor(chainOf(jwk), publicKeyOf(jwk), trusted, now)
      } catch {
        return false
      }
    },
  })
}

function anchorOf(pem: string): X509Certificate {
  const certificate = parsedAnchor(pem)
  if (certificate?.ca !== true)
    throw invalid('anchors', 'holds no certificate of an authority', 'pass PEM texts, one certificate each')
  return certificate
}

function parsedAnchor(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

function leadsToAnchor(
  chain: readonly X509Certificate[],
  key: KeyObject,
  anchors: readonly X509Certificate[],
  now: number,
): boolean {
  const [leaf] = chain
  if (leaf === undefined || !leaf.publicKey.equals(key)) return false
  for (const [at, certificate] of chain.entries()) {
    if (!isWithin(certificate, now) || (at > 0 && !certificate.ca)) return false
    const anchor = anchors.find((one) => hasIssued(one, certificate))
    if (anchor !== undefined) return isWithin(anchor, now)
    const next = chain[at + 1]
    if (next === undefined || !hasIssued(next, certificate)) return false
  }
  return false
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function isWithin({ validFromDate, validToDate }: X509Certificate, now: number): boolean {
  return now >= validFromDate.getTime() / 1000 && now <= validToDate.getTime() / 1000
}

/** RFC 7517 §4.7: base64 (not base64url) of DER, the key's own certificate first. */
function chainOf(jwk: unknown): readonly X509Certificate[] {
  const x5c: unknown = typeof jwk === 'object' && jwk !== null && 'x5c' in jwk ? jwk.x5c : undefined
  if (!Array.isArray(x5c) || x5c.length > longestChain) return []
  return x5c.map((text) => {
    if (typeof text !== 'string' || !base64.test(text))
      throw new TypeError('Cannot read x5c: it is not base64')
    return new X509Certificate(Buffer.from(text, 'base64'))
  })
}

function publicKeyOf(jwk: unknown): KeyObject {
  return createPublicKey({ key: jwk as { readonly kty: string }, format: 'jwk' })
}

const longestChain = 5
const base64 = /^[A-Za-z0-9+/]{1,16384}={0,2}$/
