import type { Client } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import type { OAuthForm } from './oauth-form.ts'
import { checkChallenge } from './pkce.ts'
import { checkResources, type Resources } from './resources.ts'
import { checkScope, parseScopeParameter } from './scope.ts'
import { readUiLocales } from './ui-locales.ts'

/** An authorization request whose client and redirect URI are known (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1). */
export interface AuthorizationRequest {
  readonly client: string
  readonly redirectUri: string
  readonly scope: readonly string[]
  readonly resources: readonly string[]
  readonly state: string | null
  readonly nonce: string | null
  readonly codeChallenge: string
  readonly prompt: readonly Prompt[]
  /** Seconds since the person proved themselves, at most. */
  readonly maxAge: number | null
  readonly loginHint: string | null
  readonly idTokenHint: string | null
  readonly uiLocales: readonly string[]
}

export type Prompt = 'none' | 'login' | 'consent' | 'select_account'

/**
 * Reads what is left of the request once client and redirect URI are known. Every refusal here is one that the client is
 * told by redirect. Throws `oauth/*`.
 */
export function readAuthorizationRequest(
  form: OAuthForm,
  client: Client,
  redirectUri: string,
  resources: Resources,
): AuthorizationRequest {
  refuseUnsupported(form)
  if (!client.grantTypes.includes('authorization_code')) {
    throw new AuthorityError(
      'oauth/unauthorized_client',
      'Cannot authorize: the client may not use authorization codes',
    )
  }
  const scope = checkScope(parseScopeParameter(form.one('scope')), client.scopes)
  if (scope.length === 0)
    throw new AuthorityError('oauth/invalid_scope', 'Cannot authorize: the request names no scope')
  return {
    client: client.id,
    redirectUri,
    scope,
    resources: checkResources(resources, scope, form.many('resource')),
    state: bounded(form, 'state', 2048),
    nonce: bounded(form, 'nonce', 512),
    codeChallenge: checkChallenge(form.one('code_challenge'), form.one('code_challenge_method')),
    prompt: readPrompt(form.one('prompt')),
    maxAge: readMaxAge(form.one('max_age')),
    loginHint: bounded(form, 'login_hint', 256),
    idTokenHint: bounded(form, 'id_token_hint', 4096),
    uiLocales: readUiLocales(form.one('ui_locales')),
  }
}

function refuseUnsupported(form: OAuthForm): void {
  const responseType = form.one('response_type')
  if (responseType === undefined) throw invalidRequest('response_type is missing')
  if (responseType !== 'code') {
    throw new AuthorityError(
      'oauth/unsupported_response_type',
      'Cannot authorize: response_type must be code',
    )
  }
  if (form.one('request') !== undefined) {
    throw new AuthorityError(
      'oauth/request_not_supported',
      'Cannot authorize: request objects are not supported',
    )
  }
  if (form.one('request_uri') !== undefined) {
    throw new AuthorityError(
      'oauth/request_uri_not_supported',
      'Cannot authorize: request_uri is not supported',
    )
  }
  if (form.one('registration') !== undefined) {
    throw new AuthorityError(
      'oauth/registration_not_supported',
      'Cannot authorize: registration is not supported',
    )
  }
  const mode = form.one('response_mode')
  if (mode !== undefined && mode !== 'query') throw invalidRequest('response_mode must be query')
}

function readPrompt(text: string | undefined): readonly Prompt[] {
  if (text === undefined) return []
  const prompts = [...new Set(text.split(' '))]
  if (!prompts.every((prompt): prompt is Prompt => PROMPTS.has(prompt)))
    throw invalidRequest('prompt is unknown')
  if (prompts.includes('none') && prompts.length > 1) throw invalidRequest('prompt none stands alone')
  return prompts
}

function readMaxAge(text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^[0-9]{1,9}$/.test(text)) throw invalidRequest('max_age is not a number of seconds')
  return Number(text)
}

function bounded(form: OAuthForm, name: string, most: number): string | null {
  const value = form.one(name)
  if (value === undefined) return null
  if (value.length > most) throw invalidRequest(`${name} is longer than ${most} characters`)
  return value
}

function invalidRequest(reason: string): AuthorityError {
  return new AuthorityError('oauth/invalid_request', `Cannot authorize: ${reason}`)
}

const PROMPTS: ReadonlySet<string> = new Set(['none', 'login', 'consent', 'select_account'])
