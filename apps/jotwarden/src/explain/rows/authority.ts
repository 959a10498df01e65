import type { AuthorityErrorCode } from '@jotwarden/authority'
import type { Explanation } from '../explanation.ts'

type Code = Exclude<AuthorityErrorCode, `oauth/${string}`>

/** What the authority refuses in words of its own. */
export const authorityRows: Readonly<Record<Code, Explanation>> = {
  'authority/throttled': {
    means: 'Too many attempts have failed; the next one has to wait.',
    matters:
      'Whoever may try without end finds every password. Waits double and are bounded, so that nobody is locked out.',
    sources: ['RFC 6749 §10.10', 'NIST SP 800-63B-3 §5.2.2', 'decision 0014'],
    mend: 'Wait for the time in Retry-After. If the attempts are not yours, the sign-in is under attack: `jotwarden events list`.',
  },
  'authority/settings': {
    means: 'A setting is out of its range, or the settings are those of another issuer.',
    matters: 'It is refused at the start or the reload, before any request meets it.',
    sources: [],
    mend: 'The message names the setting and what it takes. `jotwarden config check` shows all findings at once.',
  },
  'authority/client-unknown': {
    means: 'No client has this id.',
    matters: 'A redirect for an unknown client would send people to a place that nobody has vouched for.',
    sources: ['RFC 6749 §4.1.2.1'],
    mend: 'Compare the id with `jotwarden clients list`. See that the app uses this authority and not another environment.',
  },
  'authority/client-exists': {
    means: 'A client with this id is there already.',
    matters: 'Replacing it silently would change what its tokens mean.',
    sources: [],
    mend: 'Choose another id, or remove the old client first.',
  },
  'authority/client-invalid': {
    means: 'The client cannot be as it is described; the message names the member.',
    matters: 'Open redirects, wildcards and secrets in public apps are how codes get stolen.',
    sources: ['RFC 9700 §2.1', 'RFC 6749 §2.1', 'RFC 8252 §8.4'],
    mend: 'The message says what to write instead.',
  },
  'authority/secret-unknown': {
    means: 'No secret of this client has this id.',
    matters: 'Ending another one than was meant would lock the client out.',
    sources: [],
    mend: 'Look at `jotwarden clients secrets list CLIENT`.',
  },
  'authority/secret-conflict': {
    means: 'Somebody else replaced the secret at the same moment.',
    matters: 'Of two replacements one would be lost, with whoever holds it.',
    sources: ['decision 0019'],
    mend: 'Look at the secrets again and decide anew.',
  },
  'authority/secret-overlap': {
    means: 'The client has two valid secrets already, and a third is not given out.',
    matters: 'Secrets that nobody ends pile up, and each opens the door.',
    sources: ['decision 0019'],
    mend: 'End the one that is no longer used, then replace the other.',
  },
  'authority/secret-last': {
    means: 'It is the last secret of the client, which could not prove who it is without it.',
    matters: 'The client would fail at its next request.',
    sources: ['decision 0019'],
    mend: 'Replace the secret first, or remove the client.',
  },
  'authority/holder-unknown': {
    means: 'No such person is on the roster of holders.',
    matters: 'The roster says which keys to replace when somebody leaves.',
    sources: ['decision 0015'],
    mend: 'Compare the spelling with `jotwarden keys holders list`.',
  },
  'authority/holder-exists': {
    means: 'The person is on record for this secret, now or from before.',
    matters: 'Who has once known a secret knows it for good.',
    sources: ['decision 0015'],
    mend: 'Nothing to do, unless another person of the same name is meant: then write a name that tells them apart.',
  },
  'authority/holder-invalid': {
    means: 'The entry for the roster is not well formed: the name, the reason, or the secret that is held.',
    matters: 'An entry that names no secret of this authority would be forgotten at the departure.',
    sources: ['decision 0015'],
    mend: 'The message names the part and what it takes.',
  },
  'authority/holder-left': {
    means: 'It is on record that this person left, and that stays.',
    matters: 'The record of a departure is the evidence that keys were replaced after it.',
    sources: ['decision 0015'],
    mend: 'If they came back, add them as a new holder.',
  },
  'authority/holders-full': {
    means: 'The secret has as many holders as one secret should have.',
    matters: 'Each of them can act as every other, and nobody can tell who did.',
    sources: ['decision 0015'],
    mend: 'Give the next person a secret of their own, or write down why it must be this one.',
  },
  'authority/account-unknown': {
    means: 'Nobody has this username.',
    matters:
      'It is told on the command line alone: the sign-in page does not say which of name and password was wrong.',
    sources: [],
    mend: 'Compare it with `jotwarden users list`.',
  },
  'authority/account-exists': {
    means: 'The username is taken, by an account that is there or was.',
    matters: 'Two people under one name would see what belongs to the other.',
    sources: [],
    mend: 'Choose another username.',
  },
  'authority/account-invalid': {
    means: 'The account or its password cannot be as given; the message says why.',
    matters: 'Passwords of public lists are the first that are tried.',
    sources: ['NIST SP 800-63B-3 §5.1.1.2'],
    mend: 'The message says what to change.',
  },
  'authority/redirect-uri': {
    means: 'The address to return to is not registered for the app, character by character.',
    matters: 'An address that only resembles the registered one sends codes to an attacker.',
    sources: ['RFC 9700 §2.1', 'RFC 9700 §4.1'],
    mend: 'Register exactly the address that the app sends; only the port of a loopback address may differ.',
  },
  'authority/interaction': {
    means: 'The sign-in cannot go on: it expired, was begun in another browser, or its app has changed.',
    matters: 'A sign-in that could go on elsewhere could be begun by an attacker and finished by the victim.',
    sources: ['RFC 9700 §4.7', 'decision 0007'],
    mend: 'Go back to the app and begin again. Cookies must be allowed for this site.',
  },
  'authority/claims': {
    means:
      'A claim that the hook added cannot be issued: its name is reserved or its value is no plain JSON.',
    matters: 'A hook that could set `sub` or `aud` could make anybody anyone.',
    sources: ['RFC 9068 §2.2', 'RFC 7519 §4'],
    mend: 'Give the claim a name of your own, best under a URL of yours, and a plain value.',
  },
  'authority/subject': {
    means: 'The account or subject cannot sign in: unknown, disabled, taken back meanwhile, or malformed.',
    matters: 'A client id as a subject would let a client pass for a person.',
    sources: ['RFC 9700 §4.15'],
    mend: 'Look at `jotwarden users list`; one that was disabled comes back with `jotwarden users enable`.',
  },
  'authority/selector': {
    means: 'It is not said whose sessions are meant, or several answers are possible.',
    matters: 'Ending sessions cannot be taken back.',
    sources: [],
    mend: 'Name exactly one session, login, user or client.',
  },
}
