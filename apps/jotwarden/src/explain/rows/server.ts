import type { ServerErrorCode } from '@jotwarden/server'
import type { Explanation } from '../explanation.ts'

/** What the server refuses before the authority is asked. */
export const serverRows: Readonly<Record<ServerErrorCode, Explanation>> = {
  'server/options': {
    means: 'The server was set up wrongly.',
    matters: 'It is refused at the start, before any request meets it.',
    sources: [],
    mend: 'The message names the option and what it takes.',
  },
  'server/insecure-transport': {
    means: 'The issuer is https, and the connection is not known to be TLS.',
    matters: 'Tokens, codes and passwords over plain HTTP are for everybody on the way.',
    sources: ['RFC 6749 §3.1', 'RFC 6750 §5.2', 'RFC 9700 §2.6'],
    mend: 'Let the proxy set X-Forwarded-Proto and name it in `trusted_proxies`, or give the server a certificate.',
  },
  'server/keys-unread': {
    means: 'The keys were read too long ago and cannot be read again.',
    matters: 'A node that has heard nothing might sign with a key that was taken out of use.',
    sources: ['decision 0012'],
    mend: 'Look at the store: the log says why it could not be read.',
  },
  'server/query-too-long': {
    means: 'The query of the request is longer than the limit.',
    matters: 'What is read is bounded before it is parsed.',
    sources: ['RFC 9110 §15.5.15', 'CWE-770'],
    mend: 'Ask for fewer scopes, and keep `state` short: an id, not the data itself.',
  },
  'server/body-too-large': {
    means: 'The body of the request is larger than the limit.',
    matters: 'What is read is bounded before it is parsed.',
    sources: ['RFC 9110 §15.5.14', 'CWE-770'],
    mend: 'Send the parameters of the endpoint and nothing beside them.',
  },
  'server/body-unreadable': {
    means: 'The body of the request broke off.',
    matters: 'Half a form may lack the half that matters.',
    sources: ['RFC 9112 §8'],
    mend: 'Send it again. If it happens often, look at timeouts of the proxy.',
  },
  'server/content-type': {
    means: 'The body is not a form in UTF-8 without a content coding.',
    matters: 'A form that is read under a guessed type is read differently by others.',
    sources: ['RFC 6749 §4.1.3', 'RFC 6749 §3.2'],
    mend: 'Send `Content-Type: application/x-www-form-urlencoded`, and no JSON.',
  },
  'server/cross-site': {
    means: 'Another site sent the form of a page of ours.',
    matters: 'It could allow an app, or end a session, in the name of whoever is signed in.',
    sources: ['CWE-352', 'RFC 6749 §10.12'],
    mend: 'Begin from the page itself. Behind a proxy, see that Host, Origin and Sec-Fetch-Site come through.',
  },
  'server/not-found': {
    means: 'There is no such endpoint.',
    matters: 'Addresses are taken as they are written, without guessing at slashes and letters.',
    sources: ['RFC 8414 §3'],
    mend: 'Read the addresses from the metadata of the issuer.',
  },
  'server/method': {
    means: 'The endpoint does not know this method; the header Allow lists those it knows.',
    matters: 'Parameters of a token request in a URL would end up in logs.',
    sources: ['RFC 9110 §15.5.6', 'RFC 6749 §3.2'],
    mend: 'Use POST for token, revocation and introspection, and GET or POST for authorization.',
  },
}
