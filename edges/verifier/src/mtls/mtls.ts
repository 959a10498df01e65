import { sha256Base64url } from '@jotwarden/token'
import type { ProofOfPossession } from '../proof-of-possession.ts'
import { refusedToken } from '../refused-token.ts'
import type { RequestParts } from '../request-parts.ts'
import { isSameText } from '../same-text.ts'
import { type CheckedForwarding, checkMtls, type MtlsOptions } from './mtls-options.ts'

/**
 * Takes certificate-bound tokens (RFC 8705 §3): the client's TLS certificate has to be that of the token's
 * `cnf["x5t#S256"]`. That the client holds the certificate's key, and whether the certificate is valid, is for whoever
 * ends the TLS connection: it must ask for a certificate, and need not trust its issuer, since the token names the very
 * certificate. Pass it as the option `mtls` of a verifier. Throws `verifier/options`.
 */
export function mtls(options: MtlsOptions): ProofOfPossession {
  const { required, forwarding } = checkMtls(options)
  const presented = forwarding === null ? ofConnection : forwardedBy(forwarding)
  return Object.freeze({
    confirmation: 'x5t#S256',
    required,
    algs: Object.freeze([]),
    async check(request: RequestParts, _token: string, thumbprint: string) {
      if (!isSameText(await presented(request), thumbprint))
        throw refusedToken('wrong-certificate', 'it is bound to another certificate')
      return noHeaders
    },
  })
}

async function ofConnection({ clientCertificate }: RequestParts): Promise<string> {
  if (!(clientCertificate instanceof Uint8Array) || clientCertificate.length === 0) throw missing()
  return sha256Base64url(clientCertificate)
}

/** Whoever is not one of the proxies could write any certificate into the header: theirs is not even read. */
function forwardedBy({ header, trusts, thumbprintOf }: CheckedForwarding) {
  return async (request: RequestParts): Promise<string> => {
    if (!trusts(request.remoteAddress))
      throw refusedToken('untrusted-proxy', 'the request comes from no proxy that is trusted')
    const [line = '', ...others] = request.headers(header)
    if (others.length > 0) throw refusedToken('certificate-repeated', 'the request has several certificates')
    if (line === '') throw missing()
    return thumbprintOf(line)
  }
}

function missing(): Error {
  return refusedToken('certificate-missing', 'it is bound to a certificate, and none was presented')
}

const noHeaders: Readonly<Record<string, string>> = Object.freeze({})
