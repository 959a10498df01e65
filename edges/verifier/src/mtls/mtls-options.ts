import { invalid, refuseUnknownNames } from '../invalid-option.ts'
import { type CertificateFormat, certificateFormats, type ThumbprintOf } from './certificate-formats.ts'
import { trustedProxies } from './trusted-proxies.ts'

/** How client certificates are seen. */
export interface MtlsOptions {
  /** `connection` where this server ends the TLS connection itself; otherwise how the proxy that does passes them on. */
  readonly from: 'connection' | ForwardedCertificate
  /**
   * Refuses tokens that are bound to nothing; one that is bound to a DPoP key passes where `dpop` is given too. `false` has
   * to be written, and lets bearer tokens pass as well.
   */
  readonly required?: boolean
}

/** A certificate in a header. The proxy must remove that header from whatever clients send. */
export interface ForwardedCertificate {
  /** Such as `client-cert`, in any case. */
  readonly header: string
  /**
   * - `rfc9440`: DER as a byte sequence between colons, as `Client-Cert` has it (RFC 9440 §2.2).
   * - `escaped-pem`: one PEM certificate, percent-encoded: `$ssl_client_escaped_cert` of nginx,
   *   `X-Amzn-Mtls-Clientcert-Leaf` of AWS.
   * - `xfcc`: `X-Forwarded-Client-Cert` of Envoy under `SANITIZE_SET`; its `Hash` is taken.
   */
  readonly format: CertificateFormat
  /** Addresses and CIDR ranges of the proxies; what anybody else sends is refused. Nobody is trusted unless named. */
  readonly proxies: readonly string[]
}

/** Options after {@link checkMtls}. */
export interface CheckedMtls {
  readonly required: boolean
  readonly forwarding: CheckedForwarding | null
}

export interface CheckedForwarding {
  readonly header: string
  readonly thumbprintOf: ThumbprintOf
  trusts(address: string | undefined): boolean
}

/** Throws `verifier/options`, naming option, fault and remedy. */
export function checkMtls(options: MtlsOptions): CheckedMtls {
  checkNames('mtls', options, optionNames)
  const { from, required = true } = options
  if (typeof required !== 'boolean') throw invalid('mtls.required', 'is no boolean', 'leave it out')
  return { required, forwarding: from === 'connection' ? null : checkForwarding(from) }
}

function checkForwarding(from: ForwardedCertificate): CheckedForwarding {
  checkNames('mtls.from', from, forwardedNames)
  const { header, format, proxies } = from
  if (typeof header !== 'string' || !fieldName.test(header))
    throw invalid('mtls.from.header', 'names no header', 'pass its name, such as client-cert')
  const thumbprintOf = certificateFormats.get(format)
  if (thumbprintOf === undefined)
    throw invalid(
      'mtls.from.format',
      'is not known',
      `use one of ${[...certificateFormats.keys()].join(', ')}`,
    )
  return { header: header.toLowerCase(), thumbprintOf, trusts: trustedProxies(proxies) }
}

function checkNames(option: string, given: unknown, known: ReadonlySet<string>): void {
  if (typeof given !== 'object' || given === null)
    throw invalid(
      option,
      'does not say where certificates are seen',
      "write from: 'connection', or name a header",
    )
  refuseUnknownNames(`${option}.`, given, known)
}

const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const optionNames: ReadonlySet<string> = new Set(['from', 'required'] satisfies (keyof MtlsOptions)[])
const forwardedNames: ReadonlySet<string> = new Set([
  'header',
  'format',
  'proxies',
] satisfies (keyof ForwardedCertificate)[])
