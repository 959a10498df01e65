import type { AuthorityErrorCode } from '@jotwarden/authority'
import type { ServerErrorCode } from './errors.ts'
import type { Texts } from './pages/texts/texts.ts'

/** How one code is answered: to a machine by status and OAuth error, to a person by a page. */
export interface ErrorRow {
  readonly status: number
  /** RFC 6749 §5.2. */
  readonly error: string
  readonly page: keyof Texts['errors']
  /** Seconds. */
  readonly retryAfter?: number
}

/** The row of a code; what is not in the table is `server_error`. */
export function errorRow(code: string | undefined): ErrorRow {
  return code !== undefined && isListed(code) ? rows[code] : rows['oauth/server_error']
}

function isListed(code: string): code is keyof typeof rows {
  return Object.hasOwn(rows, code)
}

function refused(error: string): ErrorRow {
  return { status: 400, error, page: 'badRequest' }
}

const failed: ErrorRow = { status: 500, error: 'server_error', page: 'failed' }

/**
 * The one table. A malformed request is 400 whatever is wrong with it (RFC 6749 §5.2 knows no 415, and clients look for
 * 400); only what is refused before it is read has HTTP's own status (413, 414).
 */
const rows: Readonly<Record<AuthorityErrorCode | ServerErrorCode, ErrorRow>> = {
  'oauth/invalid_request': refused('invalid_request'),
  'oauth/invalid_client': { status: 401, error: 'invalid_client', page: 'badRequest' },
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
  'oauth/invalid_token': { status: 401, error: 'invalid_token', page: 'badRequest' },
  'oauth/insufficient_scope': { status: 403, error: 'insufficient_scope', page: 'badRequest' },
  'oauth/server_error': failed,
  'oauth/temporarily_unavailable': {
    status: 503,
    error: 'temporarily_unavailable',
    page: 'busy',
    retryAfter: 5,
  },
  // RFC 6749 §5.2 has no word for it. `invalid_client` and `invalid_grant` would make clients give up their secret or session.
  'authority/throttled': { status: 429, error: 'temporarily_unavailable', page: 'busy', retryAfter: 60 },
  'authority/client-unknown': {
    status: 400,
    error: 'invalid_client',
    page: 'clientUnknown',
  },
  'authority/redirect-uri': {
    status: 400,
    error: 'invalid_request',
    page: 'redirectUri',
  },
  'authority/interaction': { status: 400, error: 'invalid_request', page: 'startAgain' },
  'authority/settings': failed,
  'authority/client-exists': failed,
  'authority/holder-unknown': failed,
  'authority/holder-exists': failed,
  'authority/holder-invalid': failed,
  'authority/holder-left': failed,
  'authority/holders-full': failed,
  'authority/client-invalid': failed,
  'authority/secret-unknown': failed,
  'authority/secret-conflict': failed,
  'authority/secret-overlap': failed,
  'authority/secret-last': failed,
  'authority/account-unknown': failed,
  'authority/account-exists': failed,
  'authority/account-invalid': failed,
  'authority/claims': failed,
  'authority/selector': failed,
  // Whether the account is disabled, gone or changed is not said.
  'authority/subject': {
    status: 403,
    error: 'invalid_request',
    page: 'subject',
  },
  'server/options': failed,
  'server/insecure-transport': {
    status: 400,
    error: 'invalid_request',
    page: 'insecure',
  },
  'server/keys-unread': { status: 503, error: 'temporarily_unavailable', page: 'failed', retryAfter: 5 },
  'server/query-too-long': { status: 414, error: 'invalid_request', page: 'badRequest' },
  'server/body-too-large': { status: 413, error: 'invalid_request', page: 'badRequest' },
  'server/body-unreadable': refused('invalid_request'),
  'server/content-type': refused('invalid_request'),
  'server/cross-site': {
    status: 403,
    error: 'invalid_request',
    page: 'crossSite',
  },
  'server/not-found': {
    status: 404,
    error: 'not_found',
    page: 'notFound',
  },
  'server/method': {
    status: 405,
    error: 'invalid_request',
    page: 'method',
  },
}
