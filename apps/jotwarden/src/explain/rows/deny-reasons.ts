import type { DenyReason } from '@jotwarden/policy'
import type { Explanation } from '../explanation.ts'

/** Why a token whose signature is good is refused all the same. */
export const denyReasonRows: Readonly<Record<DenyReason, Explanation>> = {
  'wrong-typ': {
    means: 'The header `typ` is missing or names another kind of token.',
    matters: 'A token made for one purpose must not pass for another: an ID token is not an access token.',
    sources: ['RFC 8725 §3.11', 'RFC 9068 §2.1', 'RFC 8725 §2.8'],
    mend: 'Send an access token to an API (`typ: at+jwt`). If the issuer writes another `typ`, configure it to follow RFC 9068.',
  },
  'missing-claim': {
    means: 'A claim that this kind of token must have is not there.',
    matters: 'A token without `exp` never ends, and one without `aud` is good everywhere.',
    sources: ['RFC 9068 §2.2', 'RFC 7519 §4.1'],
    mend: 'Decode the token, compare its claims with what its kind needs (for an access token `iss`, `exp`, `aud`, `sub`, `client_id`, `iat` and `jti`) and with `required`, and have the issuer add what is missing.',
  },
  'forbidden-claim': {
    means: 'The token has a claim that only another kind of token has.',
    matters: 'Rules that exclude each other are what keeps kinds apart where `typ` does not.',
    sources: ['RFC 8725 §3.12', 'RFC 8725 §2.8'],
    mend: 'Look whether another token was sent than was meant. Otherwise have the issuer leave that claim out.',
  },
  'undeclared-claim': {
    means:
      'A claim restricts what the token is good for, and neither its kind nor the profile takes care of it.',
    matters: 'A restriction that is passed over in silence lets the token do more than its issuer allowed.',
    sources: ['RFC 7519 §4', 'RFC 9068 §4'],
    mend: 'Decode the token and find the claim. Name it in the option `declared` once the program heeds it, or have the issuer leave it out.',
  },
  'malformed-claim': {
    means:
      'A claim with a meaning has the wrong type: `exp` as a text, `aud` as a number, a time that no clock will show.',
    matters: 'Readers that drop what they cannot read have taken tokens without an end for valid ones.',
    sources: ['RFC 7519 §4.1', 'RFC 7519 §2', 'CVE-2020-26160', 'CVE-2026-25537'],
    mend: 'Have the issuer write times as numbers of seconds, and names as texts.',
  },
  'wrong-issuer': {
    means: 'The claim `iss` is not the configured issuer, character by character.',
    matters:
      'Comparing by prefix, by substring or against a list inside the token has let foreign issuers in.',
    sources: ['RFC 8725 §3.8', 'RFC 7519 §4.1.1', 'CVE-2024-53861', 'CVE-2025-30144'],
    mend: 'Copy the issuer from its metadata, with or without the last slash as it stands there. See that the token is not of another environment.',
  },
  'wrong-audience': {
    means: 'The claim `aud` does not name this API.',
    matters: 'A token for another API, replayed here, would let that API act for its users with us.',
    sources: ['RFC 8725 §3.9', 'RFC 7519 §4.1.3', 'RFC 9068 §4'],
    mend: 'Have the client ask for this API (`resource`, RFC 8707), and configure the same audience at the issuer and here.',
  },
  'several-audiences': {
    means: 'The token names others beside its one reader, and this kind allows one audience alone.',
    matters: 'Each of several readers can send such a token on to the others.',
    sources: ['RFC 8725 §3.9', 'CVE-2025-27370'],
    mend: 'Have it issued for this one reader.',
  },
  'wrong-subject': {
    means: 'The claim `sub` is not the one subject that is expected.',
    matters: 'Userinfo and refreshed ID tokens must speak of the person who signed in, and of nobody else.',
    sources: ['RFC 8725 §3.8', 'RFC 7519 §4.1.2', 'OpenID Connect Core §5.3.2'],
    mend: 'Compare subjects only of one issuer. If another person signed in meanwhile, begin a new session.',
  },
  'claims-differ': {
    means: 'Two claims that must be the same differ, such as `iss` and `sub` of a client assertion.',
    matters: 'A client speaks for itself alone; with two names, it is unclear who is meant.',
    sources: ['RFC 7523 §3', 'OpenID Connect Core §6.1'],
    mend: 'Have the client write its client id into both.',
  },
  'claims-coincide': {
    means: 'The claims `iss` and `sub`, or `iss` and `aud`, of an ID token are the same.',
    matters:
      'A client assertion or a session cookie, signed by one party about or for itself, must not pass for an ID token.',
    sources: ['RFC 8725 §3.12', 'OpenID Connect Core §2'],
    mend: 'Give clients identifiers that are not the issuer. Look whether another token was sent than was meant.',
  },
  'wrong-event': {
    means: 'The claim `events` lacks the member that this kind of token must have.',
    matters: 'Without it, any security event would end sessions like a logout token.',
    sources: ['RFC 8417 §2.2', 'OpenID Connect Back-Channel Logout §2.4'],
    mend: 'Send the token to the endpoint that is for it, or have the sender write the event.',
  },
  'wrong-authorized-party': {
    means: 'The claim `azp` names somebody who is not in `aud`, or not the expected client.',
    matters: 'It says to whom the ID token was issued; another client has taken it over.',
    sources: ['OpenID Connect Core §3.1.3.7'],
    mend: 'Use the ID token only in the client that asked for it.',
  },
  'wrong-nonce': {
    means: 'The claim `nonce` is not the one that was sent with the request.',
    matters: 'The token answers another sign-in: it was replayed or injected.',
    sources: ['OpenID Connect Core §3.1.3.7', 'RFC 9700 §4.5.3'],
    mend: 'Keep the nonce with the browser that began the sign-in, and begin again. Two tabs need two nonces.',
  },
  'wrong-client': {
    means: 'The claim `client_id` is not the one client that is let in.',
    matters: 'The API was set up for one client, and another one came with its own valid token.',
    sources: ['RFC 9068 §2.2'],
    mend: 'Correct the option `clientId`, or leave it out to let all clients in.',
  },
  'unknown-confirmation': {
    means: 'The claim `cnf` binds the token to a key in a way that is not known here.',
    matters: 'A bound token that is taken without its proof is as good as a stolen one.',
    sources: ['RFC 7800 §3.1', 'RFC 9449 §6.1', 'RFC 8705 §3.1'],
    mend: 'Have the issuer bind with `jkt` (DPoP) or `x5t#S256` (mutual TLS).',
  },
  'issued-in-future': {
    means: 'The claim `iat` lies in the future by more than clocks may differ.',
    matters: 'Either a clock is wrong, or the token was made ahead of its time.',
    sources: ['RFC 7519 §4.1.6'],
    mend: 'Set the clocks of both machines by NTP. `skew` allows 60 seconds at most.',
  },
  'authenticated-in-future': {
    means: 'The claim `auth_time` lies in the future by more than clocks may differ.',
    matters: 'A sign-in that is said to be still to come would count as fresh for ever.',
    sources: ['OpenID Connect Core §2', 'RFC 9470 §6.1'],
    mend: 'Set the clocks of both machines by NTP. See that `auth_time` counts seconds.',
  },
  'not-yet-valid': {
    means: 'The claim `nbf` lies in the future: the token is not valid yet.',
    matters: 'The issuer said from when on it may be used.',
    sources: ['RFC 7519 §4.1.5'],
    mend: 'Wait, or set the clocks of both machines by NTP.',
  },
  expired: {
    means: 'The time in `exp` has come, with the allowed difference of clocks taken off.',
    matters: 'A short life bounds what a stolen token is good for.',
    sources: ['RFC 7519 §4.1.4', 'RFC 6750 §5.3'],
    mend: 'Get a new one with the refresh token, or by signing in. If new ones expire at once, set the clocks by NTP.',
  },
  'ends-before-start': {
    means: 'The token ends no later than it begins.',
    matters:
      'It is valid at no time; an allowed difference of clocks would give it a life that its issuer never gave.',
    sources: ['RFC 7519 §4.1.4', 'RFC 7519 §4.1.5'],
    mend: 'Have the issuer write `exp` after `iat` and `nbf`, all in seconds.',
  },
  'lifetime-too-long': {
    means: 'From its beginning to `exp` is longer than this profile accepts.',
    matters:
      'A token for a year is a password for a year. Times in milliseconds look like thousands of years.',
    sources: ['RFC 6750 §5.3', 'RFC 7519 §2'],
    mend: 'Have the issuer shorten the lifetime; an hour is the most for access tokens. See that `exp` counts seconds.',
  },
  'too-old': {
    means: 'The token was issued longer ago than this reader accepts, whatever its `exp`.',
    matters: 'The reader asked for fresh tokens, since old ones may have been copied meanwhile.',
    sources: ['RFC 7519 §4.1.6'],
    mend: 'Get a new token, or raise the option `maxAge`.',
  },
  'insufficient-scope': {
    means: 'The token grants not all of the scopes, or none of those of which one was asked for.',
    matters: 'What was not granted must not be done, however good the token is.',
    sources: ['RFC 6750 §3.1', 'RFC 6749 §3.3'],
    mend: 'Have the client ask for the scopes, and the issuer allow them to it.',
  },
  'insufficient-acr': {
    means: 'The claim `acr` names none of the ways of signing in that were asked for, or is not there.',
    matters: 'What is worth more asks for a stronger sign-in.',
    sources: ['RFC 9470 §3', 'RFC 9470 §6.1'],
    mend: 'Send the person to sign in again with `acr_values`. See that the issuer writes `acr` into access tokens.',
  },
  'authentication-too-old': {
    means: 'The claim `auth_time` is longer ago than is accepted, or is not there.',
    matters: 'A browser that was left open is not the person who signed in there.',
    sources: ['RFC 9470 §3', 'RFC 9470 §6.1'],
    mend: 'Send the person to sign in again with `max_age`. See that the issuer writes `auth_time` into access tokens.',
  },
  'refused-by-schema': {
    means: 'The schema, which is the option `claims` of a verifier, does not take the claims.',
    matters: 'What the program counts on, such as a tenant or a role, is not there or has another form.',
    sources: ['RFC 8725 §3.12'],
    mend: 'Ask the schema about the claims of a test token; it says which member it refuses.',
  },
}
