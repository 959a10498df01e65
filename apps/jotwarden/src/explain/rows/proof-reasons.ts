import type { VerifierReason } from '@jotwarden/verifier'
import type { Explanation } from '../explanation.ts'

/** Reasons that have to do with proofs of possession: DPoP and mutual TLS. */
export type ProofReason = Extract<
  VerifierReason,
  | `proof-${string}`
  | `nonce-${string}`
  | `replay${string}`
  | `certificate-${string}`
  | 'wrong-key'
  | 'wrong-method'
  | 'wrong-uri'
  | 'wrong-token'
  | 'wrong-certificate'
  | 'untrusted-proxy'
>

export const proofReasonRows: Readonly<Record<ProofReason, Explanation>> = {
  'proof-missing': {
    means: 'The request has no DPoP header, and its token is bound to a DPoP key.',
    matters: 'The token alone may be stolen.',
    sources: ['RFC 9449 §7.1'],
    mend: 'Send a proof in the header DPoP with each request.',
  },
  'proof-repeated': {
    means: 'The request has more than one DPoP proof.',
    matters: 'With two of them, a proxy may have checked the other one.',
    sources: ['RFC 9449 §4.3'],
    mend: 'Send one DPoP header. Look for a proxy or a retry that adds a second.',
  },
  'proof-without-key': {
    means: 'The header of the proof has no `jwk`.',
    matters:
      'The proof is checked with the key that it brings, once that is known to be the key of the token.',
    sources: ['RFC 9449 §4.2'],
    mend: 'Write the public key as `jwk` into the header of the proof.',
  },
  'wrong-key': {
    means: 'The key of the proof is not the one that the token is bound to.',
    matters: 'Whoever stole the token can make a proof with a key of their own.',
    sources: ['RFC 9449 §4.3', 'RFC 9449 §6.1', 'CVE-2018-0114'],
    mend: 'Use the key with which the token was got. A client that made a new key needs a new token.',
  },
  'wrong-method': {
    means: 'The claim `htm` of the proof is not the method of the request.',
    matters: 'A proof made for reading must not serve for writing.',
    sources: ['RFC 9449 §4.2', 'RFC 9449 §4.3'],
    mend: 'Make a proof for each request, with its method in capitals.',
  },
  'wrong-uri': {
    means: 'The claim `htu` of the proof is not the address of the request, without query and fragment.',
    matters: 'A proof that one API has seen must not serve at another.',
    sources: ['RFC 9449 §4.2', 'RFC 9449 §4.3'],
    mend: 'Write the address as the client sends it. Behind a proxy, give `dpop` the `origin` by which clients address this API.',
  },
  'wrong-token': {
    means: 'The claim `ath` of the proof is missing or not the hash of this access token.',
    matters: 'A proof made for one token must not carry another.',
    sources: ['RFC 9449 §4.2', 'RFC 9449 §4.3'],
    mend: 'Write the base64url of the SHA-256 of the token text into `ath`, anew after each refresh.',
  },
  'nonce-missing': {
    means: 'The proof carries no nonce, and this API asks for one.',
    matters: 'Proofs made ahead of time by whoever had the key for a moment would be good later.',
    sources: ['RFC 9449 §9', 'RFC 9449 §11.2'],
    mend: 'Repeat the request with the nonce of the response header DPoP-Nonce. It is the normal first answer.',
  },
  'nonce-unknown': {
    means: 'The nonce of the proof is none of ours, or too old.',
    matters: 'A nonce is good for a few minutes, so that a proof is too.',
    sources: ['RFC 9449 §8', 'RFC 9449 §9'],
    mend: 'Use the newest DPoP-Nonce that came. Of several processes behind one name, all need the same `nonce.secret`.',
  },
  replayed: {
    means: 'A proof with this `jti` was used before.',
    matters: 'Whoever saw a request could send it again.',
    sources: ['RFC 9449 §11.1'],
    mend: 'Make a new proof with a new `jti` for each request, retries included.',
  },
  'replay-store': {
    means: 'The store of used proofs does not answer.',
    matters: 'Whether the proof was used before cannot be told, and so it is not let through.',
    sources: ['RFC 9449 §11.1'],
    mend: 'Look at that store: its error is the cause of this one.',
  },
  'replay-store-full': {
    means: 'As many proofs as may be remembered are remembered, and none of them may be forgotten yet.',
    matters:
      'Forgetting one early would let it be used again; remembering without end would fill the memory.',
    sources: ['RFC 9449 §11.1', 'CWE-770'],
    mend: 'Look for a flood. If the load is honest, raise `maxKeys` or shorten `maxAge`.',
  },
  'certificate-missing': {
    means: 'The token is bound to a certificate, and the client showed none.',
    matters: 'The token alone may be stolen.',
    sources: ['RFC 8705 §3'],
    mend: 'Have the client present the certificate with which it got the token; see that the server, or the proxy in front, asks for one.',
  },
  'certificate-repeated': {
    means: 'The header in which the proxy passes the certificate is there more than once.',
    matters: 'One of them may be of the client’s making.',
    sources: ['RFC 9440 §2.4', 'RFC 9440 §4'],
    mend: 'Have the proxy remove the header from what comes in before it adds its own.',
  },
  'certificate-malformed': {
    means: 'The certificate that came in the header of the proxy cannot be read.',
    matters: 'What cannot be read is not taken for a proof.',
    sources: ['RFC 9440 §2.2'],
    mend: 'Set the form of the header to that which the proxy writes.',
  },
  'wrong-certificate': {
    means: 'The certificate is not the one that the token is bound to.',
    matters: 'Whoever stole the token can show a certificate of their own.',
    sources: ['RFC 8705 §3', 'RFC 8705 §3.1'],
    mend: 'Use the certificate with which the token was got. After a new certificate the client needs a new token.',
  },
  'untrusted-proxy': {
    means: 'The header with the certificate came from an address that is no trusted proxy.',
    matters: 'Anybody can write that header; it counts only from a proxy that removes what others wrote.',
    sources: ['RFC 9440 §4'],
    mend: 'Name the address of the proxy in the options of `mtls`, and see that requests come through it alone.',
  },
}
