import { isIssuerIdentifier, isScope } from '@jotwarden/policy'
import { VerifierError } from '../errors.ts'
import type { ProtectedResource } from './protected-resource-metadata.ts'

/** Throws `verifier/options` for the first member that is missing, unknown or of wrong form. */
export function checkMembers(resource: ProtectedResource): void {
  const given = Object.entries(resource).filter(([, value]) => value !== undefined)
  const missing = ['resource', 'authorizationServers'].find((name) => !given.some(([one]) => one === name))
  if (missing !== undefined) throw undescribable(missing, 'is missing')
  for (const [name, value] of given) {
    const form = forms[name as keyof ProtectedResource]
    if (form === undefined) throw undescribable(name, 'is not known')
    if (!form.fits(value)) throw undescribable(name, form.state)
  }
}

function undescribable(option: string, state: string): VerifierError {
  return new VerifierError('verifier/options', `Cannot describe the resource: the option ${option} ${state}`)
}

interface Form {
  readonly state: string
  fits(value: unknown): boolean
}

const url: Form = {
  state: 'is no https URL without query and fragment (http passes on loopback hosts alone)',
  fits: (value) => typeof value === 'string' && isIssuerIdentifier(value) && URL.canParse(value),
}
const link: Form = {
  state: 'is no URL of the web',
  fits: (value) => typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? ''),
}
const flag: Form = { state: 'is neither true nor false', fits: (value) => typeof value === 'boolean' }
const text: Form = { state: 'is no text', fits: (value) => typeof value === 'string' && value !== '' }

function listOf(state: string, fits: (value: string) => boolean, least = 0): Form {
  return {
    state,
    fits: (value) =>
      Array.isArray(value) &&
      value.length >= least &&
      value.every((one) => typeof one === 'string' && fits(one)),
  }
}

const names = listOf('is no list of names', (name) => name !== '')
const algs = listOf('is no list of algorithms other than none', (alg) => alg !== '' && alg !== 'none')

const forms: Readonly<Record<keyof ProtectedResource, Form>> = {
  resource: url,
  authorizationServers: listOf('is no list of at least one issuer', (one) => url.fits(one), 1),
  scopes: listOf('is no list of scopes', (scope) => isScope(scope) && !scope.includes(' ')),
  bearerMethods: listOf('may hold header alone', (method) => method === 'header'),
  dpopBoundAccessTokensRequired: flag,
  dpopSigningAlgs: algs,
  tlsClientCertificateBoundAccessTokens: flag,
  authorizationDetailsTypes: names,
  jwksUri: url,
  resourceSigningAlgs: algs,
  resourceName: text,
  resourceDocumentation: link,
  resourcePolicyUri: link,
  resourceTosUri: link,
  signedMetadata: {
    state: 'is no JWT',
    fits: (value) => typeof value === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value),
  },
  others: {
    state: 'is no object',
    fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
  cacheFor: {
    state: 'is no whole number of seconds',
    fits: (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
  },
}
