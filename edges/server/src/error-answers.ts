import type { AuthorityErrorCode } from '@jotwarden/authority'
import type { ServerErrorCode } from './errors.ts'

/** How one code is answered: to a machine by status and OAuth error, to a person by a page. */
export interface ErrorRow {
  readonly status: number
  /** RFC 6749 §5.2. */
  readonly error: string
  readonly page: PageText
  /** Seconds. */
  readonly retryAfter?: number
}

export interface PageText {
  readonly title: string
  readonly text: string
}

/** The row of a code; what is not in the table is `server_error`. */
export function errorRow(code: string | undefined): ErrorRow {
  return code !== undefined && isListed(code) ? rows[code] : rows['oauth/server_error']
}

function isListed(code: string): code is keyof typeof rows {
  return Object.hasOwn(rows, code)
}

const BAD_REQUEST: PageText = {
  title: 'This request cannot be answered',
  text: 'The app that sent you here asked in a way this sign-in service does not accept. Go back to the app and try again. If it happens again, tell the people who run the app.',
}
const START_AGAIN: PageText = {
  title: 'This sign-in has expired',
  text: 'It took too long, was already finished, or was started in another browser. Go back to the app and start again.',
}
const FAILED: PageText = {
  title: 'Something went wrong here',
  text: 'The fault is on our side and was noted. Wait a moment, then go back to the app and try again.',
}
const BUSY: PageText = {
  title: 'Too many people are signing in',
  text: 'Wait a few seconds, then go back to the app and try again.',
}

function refused(error: string): ErrorRow {
  return { status: 400, error, page: BAD_REQUEST }
}

const failed: ErrorRow = { status: 500, error: 'server_error', page: FAILED }

/**
 * The one table. A malformed request is 400 whatever is wrong with it (RFC 6749 §5.2 knows no 415, and clients look for
 * 400); only what is refused before it is read has HTTP's own status (413, 414).
 */
const rows: Readonly<Record<AuthorityErrorCode | ServerErrorCode, ErrorRow>> = {
  'oauth/invalid_request': refused('invalid_request'),
  'oauth/invalid_client': { status: 401, error: 'invalid_client', page: BAD_REQUEST },
  'oauth/invalid_grant': refused('invalid_grant'),
  'oauth/unauthorized_client': refused('unauthorized_client'),
  'oauth/unsupported_grant_type': refused('unsupported_grant_type'),
  'oauth/unsupported_token_type': refused('unsupported_token_type'),
  'oauth/unsupported_response_type': refused('unsupported_response_type'),
  'oauth/invalid_scope': refused('invalid_scope'),
  'oauth/invalid_target': refused('invalid_target'),
  'oauth/access_denied': refused('access_denied'),
  'oauth/login_required': refused('login_required'),
  'oauth/consent_required': refused('consent_required'),
  'oauth/request_not_supported': refused('request_not_supported'),
  'oauth/request_uri_not_supported': refused('request_uri_not_supported'),
  'oauth/registration_not_supported': refused('registration_not_supported'),
  'oauth/invalid_token': { status: 401, error: 'invalid_token', page: BAD_REQUEST },
  'oauth/insufficient_scope': { status: 403, error: 'insufficient_scope', page: BAD_REQUEST },
  'oauth/server_error': failed,
  'oauth/temporarily_unavailable': {
    status: 503,
    error: 'temporarily_unavailable',
    page: BUSY,
    retryAfter: 5,
  },
  // RFC 6749 §5.2 has no word for it. `invalid_client` and `invalid_grant` would make clients give up their secret or session.
  'authority/throttled': { status: 429, error: 'temporarily_unavailable', page: BUSY, retryAfter: 60 },
  'authority/client-unknown': {
    status: 400,
    error: 'invalid_client',
    page: {
      title: 'This app is not known here',
      text: 'The app that sent you here is not registered with this sign-in service, so we will not send you back to it.',
    },
  },
  'authority/redirect-uri': {
    status: 400,
    error: 'invalid_request',
    page: {
      title: 'This app asked for an unknown address',
      text: 'The address it wants you sent back to is not one it has registered. For your safety we will not send you there.',
    },
  },
  'authority/interaction': { status: 400, error: 'invalid_request', page: START_AGAIN },
  'authority/settings': failed,
  'authority/client-exists': failed,
  'authority/holder-unknown': failed,
  'authority/holder-exists': failed,
  'authority/holder-invalid': failed,
  'authority/holder-left': failed,
  'authority/holders-full': failed,
  'authority/client-invalid': failed,
  'authority/account-unknown': failed,
  'authority/account-exists': failed,
  'authority/account-invalid': failed,
  'authority/claims': failed,
  'authority/selector': failed,
  // Whether the account is disabled, gone or changed is not said.
  'authority/subject': {
    status: 403,
    error: 'invalid_request',
    page: {
      title: 'You cannot be signed in just now',
      text: 'Your account may have changed while you were signing in. Go back to the app and start again. If it happens again, ask the people who look after your account.',
    },
  },
  'server/options': failed,
  'server/insecure-transport': {
    status: 400,
    error: 'invalid_request',
    page: { title: 'This connection is not secure', text: 'Open this address with https instead of http.' },
  },
  'server/keys-unread': { status: 503, error: 'temporarily_unavailable', page: FAILED, retryAfter: 5 },
  'server/query-too-long': { status: 414, error: 'invalid_request', page: BAD_REQUEST },
  'server/body-too-large': { status: 413, error: 'invalid_request', page: BAD_REQUEST },
  'server/body-unreadable': refused('invalid_request'),
  'server/content-type': refused('invalid_request'),
  'server/cross-site': {
    status: 403,
    error: 'invalid_request',
    page: {
      title: 'This form came from another site',
      text: 'To keep you safe, only pages of this sign-in service may send it. Nothing was done. Go back to the app and start again.',
    },
  },
  'server/not-found': {
    status: 404,
    error: 'not_found',
    page: {
      title: 'There is nothing here',
      text: 'The address may be mistyped. To sign in, start at the app you want to use.',
    },
  },
  'server/method': {
    status: 405,
    error: 'invalid_request',
    page: {
      title: 'This address cannot be opened that way',
      text: 'To sign in, start at the app you want to use.',
    },
  },
}
