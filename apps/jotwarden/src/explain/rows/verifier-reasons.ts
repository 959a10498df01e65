import type { DenyReason } from '@jotwarden/policy'
import type { TokenErrorCode } from '@jotwarden/token'
import type { VerifierReason } from '@jotwarden/verifier'
import type { Explanation } from '../explanation.ts'
import type { ProofReason } from './proof-reasons.ts'

type Reason = Exclude<VerifierReason, DenyReason | TokenErrorCode | ProofReason>

/** What stands in `reason` of a verifier's error, where it is no token's code, no policy's word and no fault of a proof. */
export const verifierReasonRows: Readonly<Record<Reason, Explanation>> = {
  'sender-constrained': {
    means: 'The token is bound to a key, and its proof cannot be checked here.',
    matters: 'Whoever takes a bound token without its proof takes it from a thief too.',
    sources: ['RFC 9449 §7.1', 'RFC 8705 §3', 'RFC 7800 §3.1'],
    mend: 'Give the verifier `dpop` or `mtls`, whichever the token is bound by, and pass it the request, not the token alone.',
  },
  'not-sender-constrained': {
    means: 'The token is bound to no key, and this verifier asks for one that is.',
    matters: 'A bearer token works for whoever has copied it.',
    sources: ['RFC 9700 §2.2.1', 'RFC 9449 §7.1'],
    mend: 'Have the client use DPoP or mutual TLS at the token endpoint. While clients move over, set `required: false`.',
  },
  'wrong-scheme': {
    means: 'A token bound to a DPoP key came under Bearer, or one that is not came under DPoP.',
    matters: 'A stolen token that is merely sent under Bearer must not get around its proof.',
    sources: ['RFC 9449 §7.1', 'RFC 9449 §7.2'],
    mend: 'Send it as `Authorization: DPoP TOKEN` with a proof beside it, or as Bearer where it has no `cnf.jkt`.',
  },
  revoked: {
    means: 'The token was taken back: itself, its session, its user, its client, or the key that signed it.',
    matters: 'Signing out and ending an account have to hold before `exp` comes.',
    sources: ['RFC 7009 §2', 'decision 0010'],
    mend: 'Sign in again. Who ended it, and when, is in `jotwarden events list`.',
  },
  inactive: {
    means: 'The issuer was asked about the token and says that it is not active.',
    matters:
      'It has expired, was taken back, or was never one of its tokens; which of these, the issuer does not tell.',
    sources: ['RFC 7662 §2.2'],
    mend: 'Get a new token. If all are inactive, see that the introspection endpoint belongs to the issuer of the tokens.',
  },
  'introspection-differs': {
    means: 'The issuer says something else of the token than the token says of itself.',
    matters:
      'One of the two is wrong: another issuer answers, or a token was made that the issuer does not know.',
    sources: ['RFC 7662 §2.2', 'RFC 7662 §4'],
    mend: 'See that the introspection endpoint belongs to the issuer of the token. If it does, look for a key that got out.',
  },
  stale: {
    means: 'The feed of revocations has not been heard from for longer than allowed.',
    matters: 'What was taken back meanwhile would pass.',
    sources: ['decision 0009'],
    mend: 'Look at the connection to the issuer; the event `disconnected` says why it ended.',
  },
  'never-synced': {
    means: 'The feed of revocations has told nothing yet since the start.',
    matters: 'Right after a start nothing is known of what was taken back before.',
    sources: ['decision 0009'],
    mend: 'Wait for `await verifier.ready()` before you listen, and look at the connection if it does not come.',
  },
  'credential-refused': {
    means: 'The issuer does not take the credential with which this API follows revocations.',
    matters: 'Without it the API is deaf, and tokens are refused once that lasts too long.',
    sources: ['RFC 7662 §2.1', 'RFC 6749 §5.2'],
    mend: 'Check `clientId` and `clientSecret`, and that the client is registered with its resource at the issuer.',
  },
  'token-in-query': {
    means: 'The token is in the URL of the request.',
    matters: 'URLs end up in logs, histories and Referer headers, and tokens with them.',
    sources: ['RFC 6750 §2.3', 'RFC 9700 §4.3.2'],
    mend: 'Send it in the Authorization header, and treat the one that was in the URL as known to others.',
  },
  'malformed-authorization': {
    means: 'There are several Authorization headers, or the header is not a scheme with one token.',
    matters: 'With two of them, a proxy may have checked the other one.',
    sources: ['RFC 6750 §2.1', 'RFC 9110 §11.4'],
    mend: 'Send one header: the scheme, one space, the token, nothing more.',
  },
  'metadata-issuer': {
    means: 'The metadata that were fetched name another issuer than the one configured.',
    matters: 'Whoever can answer in place of the issuer would give keys of their own.',
    sources: ['RFC 8414 §3.3', 'OpenID Connect Discovery §4.3'],
    mend: 'Copy `issuer` from the metadata into the configuration, character by character.',
  },
  'metadata-jwks-uri': {
    means: 'The metadata give no `jwks_uri` that is an https URL of an allowed origin.',
    matters: 'Keys from elsewhere would let somebody else sign.',
    sources: ['RFC 8414 §2', 'RFC 8725 §3.8'],
    mend: 'If the issuer keeps its keys under another host, allow that origin in the options.',
  },
  'metadata-endpoint': {
    means: 'The metadata give no usable address for an endpoint that is needed, or one of another origin.',
    matters: 'The credential of this API would be sent there.',
    sources: ['RFC 8414 §2', 'RFC 9700 §4.4'],
    mend: 'See that the issuer offers this endpoint. If it is under another host, allow that origin in the options.',
  },
  'document-status': {
    means: 'The issuer answered with another status than 200.',
    matters:
      'An error page is no key set, and redirects are not followed, since they lead to unknown places.',
    sources: ['RFC 8414 §3.2'],
    mend: 'Fetch the address with `curl -i` from this machine. Configure the final address where it redirects.',
  },
  'document-too-large': {
    means: 'The issuer answered with more than 64 kB.',
    matters: 'An answer without an end would fill the memory.',
    sources: ['CWE-770'],
    mend: 'See that the address is that of a key set. A key set of that size holds keys that nobody needs any more.',
  },
  'document-malformed': {
    means:
      'The answer of the issuer is not what its address promises: no JSON object, or no key in it that can be used.',
    matters: 'What is not understood is not guessed at.',
    sources: ['RFC 8414 §3.2', 'RFC 7517 §5'],
    mend: 'Fetch the address by hand. A login page of a proxy often stands where JSON should be.',
  },
  network: {
    means: 'The issuer could not be reached: no name, no connection, or no trusted certificate.',
    matters: 'Without its keys no token can be judged, and none is let through instead.',
    sources: ['RFC 8414 §3'],
    mend: 'Look at DNS, firewall and proxy, and at the certificate (`NODE_EXTRA_CA_CERTS` for a private authority).',
  },
  timeout: {
    means: 'The issuer did not answer in time.',
    matters: 'Requests that wait for it would pile up.',
    sources: [],
    mend: 'Look at the load of the issuer and the network between. Keys that were preloaded bridge a cold start.',
  },
  'backing-off': {
    means: 'The issuer failed a moment ago and is not asked again yet.',
    matters: 'Asking at every request would hold down an issuer that is coming up.',
    sources: ['CWE-770'],
    mend: 'Nothing here: `retryAfter` says how long. Look for the first failure before it in the log.',
  },
  'not-at-hand': {
    means: 'The keys are not at hand, and the synchronous way does not wait for them.',
    matters: 'It answers from what it has, or not at all.',
    sources: [],
    mend: 'Await `verifier.ready()` before the first call, or use the asynchronous way.',
  },
}
