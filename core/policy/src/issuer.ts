/**
 * Says whether a text is an issuer identifier: `https`, a host, no credentials, query or fragment.
 * `http` passes for loopback hosts alone. Source: RFC 8414 §2.
 */
export function isIssuerIdentifier(text: string): boolean {
  return httpsIssuer.test(text) || loopbackIssuer.test(text)
}

const httpsIssuer =
  /^https:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:\/[a-z0-9._~!$&'()*+,;=:@%/-]*)?$/i
const loopbackIssuer =
  /^http:\/\/(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?(?:\/[a-z0-9._~!$&'()*+,;=:@%/-]*)?$/i
