import type { VerifierErrorCode } from '@jotwarden/verifier'
import type { Explanation } from '../explanation.ts'

/** What an API meets when it asks for a token. */
export const verifierRows: Readonly<Record<VerifierErrorCode, Explanation>> = {
  'verifier/options': {
    means:
      'The verifier, an adapter or a challenge was set up wrongly, or a call was given options that it does not know.',
    matters:
      'It is refused when the process starts, so that no request meets a verifier with a hole in it; what a call asks for in vain is refused with the call.',
    sources: ['RFC 8725 §3.8', 'RFC 8725 §3.9'],
    mend: 'The message names the option, what is wrong with it, and what to write instead.',
  },
  'verifier/no-credentials': {
    means: 'The request has no Authorization header.',
    matters: 'The answer is 401 with a challenge without an error code, which says how to come back.',
    sources: ['RFC 6750 §3.1', 'RFC 9110 §11.6.1'],
    mend: 'Send `Authorization: Bearer TOKEN`. Look for a proxy or a redirect that drops the header.',
  },
  'verifier/unsupported-scheme': {
    means: 'The Authorization header uses a scheme that this verifier does not take, such as Basic.',
    matters: 'A credential of another kind is not guessed at.',
    sources: ['RFC 9110 §11.1', 'RFC 6750 §2.1', 'RFC 9449 §7.1'],
    mend: 'Send the token under Bearer, or under DPoP where it is bound to a key and the verifier has `dpop`.',
  },
  'verifier/invalid-request': {
    means: 'The request carries its token in a way that the standard does not allow; `reason` says which.',
    matters:
      'Tokens in URLs end up in logs and histories, and two tokens in one request are read differently by a proxy and an API.',
    sources: ['RFC 6750 §2', 'RFC 6750 §3.1', 'RFC 9700 §4.3.2'],
    mend: 'Send one token, in one Authorization header, and none in the URL.',
  },
  'verifier/invalid-token': {
    means:
      'The token is not accepted; `reason` says why, for your logs. The client is told no more than that.',
    matters: 'An answer that tells which check failed helps whoever is forging.',
    sources: ['RFC 6750 §3.1', 'RFC 9068 §4'],
    mend: 'Log `error.reason` and explain that: `jotwarden explain REASON`. The client gets a new token.',
  },
  'verifier/insufficient-scope': {
    means: 'The token is good but grants too little; `scopes` says what was asked for.',
    matters: 'The answer is 403 with the scopes that are needed, so that a client can ask for them.',
    sources: ['RFC 6750 §3.1', 'RFC 6749 §3.3'],
    mend: 'Have the client ask for these scopes, and the issuer allow them to it.',
  },
  'verifier/insufficient-authentication': {
    means:
      'The token is good, but its sign-in is too weak or too long ago; `acrValues` and `maxAge` say what was asked for.',
    matters: 'What moves money asks for a fresh or stronger sign-in than what reads a list.',
    sources: ['RFC 9470 §3'],
    mend: 'Have the client send the person to sign in again with the `acr_values` and `max_age` of the challenge.',
  },
  'verifier/invalid-dpop-proof': {
    means: 'The DPoP proof is missing or wrong; `reason` says why, for your logs.',
    matters:
      'The proof shows that the sender holds the key of the token. Without it a stolen token would do.',
    sources: ['RFC 9449 §4.3', 'RFC 9449 §7.1', 'RFC 9449 §11.1'],
    mend: 'Make a new proof for each request: its method, its URL without query, the hash of the token, the current time, a new `jti`.',
  },
  'verifier/use-dpop-nonce': {
    means: 'The DPoP proof has to carry a nonce that this API gave.',
    matters: 'A proof that was made ahead of time, with a borrowed key, would otherwise be good later.',
    sources: ['RFC 9449 §9', 'RFC 9449 §11.2'],
    mend: 'Put the value of the response header DPoP-Nonce into the claim `nonce` of a new proof and send the request again. Libraries do it by themselves.',
  },
  'verifier/replay-unavailable': {
    means: 'It cannot be told whether the DPoP proof was used before; `reason` says why.',
    matters: 'The answer is 503 and not 401: the proof may be good, and the client may come again.',
    sources: ['RFC 9449 §11.1'],
    mend: 'Look at the store that `dpop` was given for used proofs.',
  },
  'verifier/keys-unavailable': {
    means: 'The keys of the issuer cannot be had, so nothing can be said of the token; `reason` says why.',
    matters:
      'The answer is 503 and not 401: the token may be good, and a client should not sign everybody out.',
    sources: ['RFC 8414 §3', 'RFC 7517 §5'],
    mend: 'Fetch the metadata and the key set of the issuer by hand from this machine. Behind a proxy or a private certificate, set those up for Node.',
  },
  'verifier/stale': {
    means: 'What is known of revocations is older than allowed, so nothing can be said of the token.',
    matters: 'A token that was taken back an hour ago would pass if nobody had heard of it.',
    sources: ['decision 0009'],
    mend: 'Look at the connection to the feed of the issuer, and at the credential of this API. `maxStaleness` says how old is too old.',
  },
  'verifier/freshness-unavailable': {
    means: 'The issuer could not be asked whether the token is still good.',
    matters:
      'The route asked for an answer of this moment; going on without one would be the check left out.',
    sources: ['RFC 7662 §2.2'],
    mend: 'Look at the introspection endpoint, and at the credential of this API. Routes that can live with the last known state need not ask.',
  },
  'verifier/closed': {
    means: 'The verifier was closed while, or before, it was asked.',
    matters: 'A closed verifier follows no revocations any more.',
    sources: [],
    mend: 'Close it after the server has answered its last request.',
  },
}
