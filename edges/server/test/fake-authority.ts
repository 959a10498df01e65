import {
  type Authority,
  AuthorityError,
  type AuthorizationStep,
  type Browser,
  type ConsentStep,
  defineSettings,
  type LoginStep,
  type LogoutStep,
  type LogPage,
  type OAuthForm,
  type OwnSessionsView,
  type RedirectStep,
  type SignInStep,
  type TokenRequest,
} from '@jotwarden/authority'
import type { Keyring } from '@jotwarden/keyring'
import type { Secret } from '@jotwarden/token'

/** An authority that answers what it is told and keeps what it was asked. */
export interface FakeAuthority extends Authority {
  readonly tokenRequests: TokenRequest[]
  readonly begun: { readonly form: OAuthForm; readonly browser: Browser }[]
  readonly resumed: { readonly interaction: string; readonly browser: Browser }[]
  readonly signIns: {
    readonly interaction: string
    readonly username: string
    readonly password: Secret
    readonly browser: Browser
  }[]
  readonly consents: { readonly interaction: string; readonly decision: string; readonly browser: Browser }[]
  readonly userinfoTokens: string[]
  readonly revocations: TokenRequest[]
  readonly introspections: TokenRequest[]
  readonly logouts: {
    readonly act: 'begin' | 'confirm'
    readonly form: OAuthForm
    readonly browser: Browser
  }[]
  /** The `Authorization` headers of who asked for the feed. */
  readonly readers: (string | undefined)[]
  /** What the next calls answer, or throw. */
  readonly answers: Answers
  keyGeneration: number
}

interface Answers {
  ownSessions: OwnSessionsView | undefined
  begin: AuthorizationStep | Error
  resume: AuthorizationStep | Error
  signIn: SignInStep | Error
  consent: AuthorizationStep | Error
  token: object | Error
  userinfo: object | Error
  /** Revoking has no answer but the refusal. */
  revoke: Error | undefined
  introspect: object | Error
  logout: LogoutStep | Error
  feed: LogPage | Error
}

export const loginStep: LoginStep = {
  step: 'login',
  interaction: 'jwi_login',
  binding: 'BINDING',
  client: { id: 'notes', name: 'Harbour Notes' },
  loginHint: undefined,
  redirectUri: 'https://notes.example.org/cb',
  uiLocales: [],
}

export const consentStep: ConsentStep = {
  step: 'consent',
  interaction: 'jwi_consent',
  binding: 'BINDING',
  client: { id: 'notes', name: 'Harbour Notes' },
  account: { username: 'ada', name: 'Ada Lovelace' },
  scopes: [{ name: 'openid', description: 'Know who you are' }],
  redirectUri: 'https://notes.example.org/cb',
  uiLocales: [],
}

export const redirectStep: RedirectStep = {
  step: 'redirect',
  location: 'https://notes.example.org/cb?code=c0de&state=s&iss=https%3A%2F%2Fauth.example.com',
}

export const logoutStep: LogoutStep = {
  step: 'confirm',
  client: { id: 'notes', name: 'Harbour Notes' },
  fields: { client_id: 'notes', post_logout_redirect_uri: 'https://notes.example.org/bye', state: 's' },
}

export function fakeAuthority(issuer: string = 'https://auth.example.com'): FakeAuthority {
  const answers: Answers = {
    begin: loginStep,
    resume: loginStep,
    signIn: { step: 'signed-in', login: 'LOGIN', loginExpiresAt: 1_000_600, next: redirectStep },
    consent: redirectStep,
    token: { access_token: 'at', token_type: 'Bearer', expires_in: 600 },
    userinfo: { sub: 'usr_ada' },
    revoke: undefined,
    introspect: { active: false },
    logout: logoutStep,
    ownSessions: undefined,
    feed: { head: { number: 0, floor: 0, latestExp: 0, pulse: 0 }, marks: [] },
  }
  const unused = (): never => {
    throw new Error('Cannot answer: the test does not expect this call')
  }
  const state = { generation: 1 }
  const keyring: Keyring = {
    get generation() {
      return state.generation
    },
    problems: [],
    open: async () => {},
    refresh: async () => {},
    renew: async () => {},
    tend: unused,
    rotate: unused,
    supersede: unused,
    signer: () => ({ alg: 'ES256', kid: 'k1', sign: unused }),
    jwks: () => ({
      keys: [
        { kty: 'EC', kid: `k${state.generation}`, alg: 'ES256', use: 'sig', crv: 'P-256', x: 'x', y: 'y' },
      ],
    }),
    keySource: unused,
    macKey: unused,
    macKeyFor: unused,
    sealKey: unused,
    sealKeyFor: unused,
    compromise: unused,
    list: unused,
  }
  const asked = {
    tokenRequests: [],
    begun: [],
    resumed: [],
    signIns: [],
    consents: [],
    userinfoTokens: [],
    revocations: [],
    introspections: [],
    logouts: [],
    readers: [],
  }
  const fake: FakeAuthority = {
    ...asked,
    answers,
    settings: defineSettings({ issuer }),
    keyring,
    get keyGeneration() {
      return state.generation
    },
    set keyGeneration(generation: number) {
      state.generation = generation
    },
    async token(request) {
      fake.tokenRequests.push(request)
      return Object.assign(
        { access_token: '', token_type: 'Bearer' as const, expires_in: 0 },
        told(answers.token),
      )
    },
    authorization: {
      async begin(form, browser) {
        fake.begun.push({ form, browser })
        return told(answers.begin)
      },
      beginOwnPage: unused,
      async resume(interaction, browser) {
        fake.resumed.push({ interaction, browser })
        return told(answers.resume)
      },
      async signIn(request, browser) {
        fake.signIns.push({ ...request, browser })
        return told(answers.signIn)
      },
      signInAs: unused,
      async consent(request, browser) {
        fake.consents.push({ ...request, browser })
        return told(answers.consent)
      },
    },
    async userinfo(token) {
      fake.userinfoTokens.push(token)
      return { ...told(answers.userinfo) }
    },
    revocation: {
      async revoke(request) {
        fake.revocations.push(request)
        if (answers.revoke !== undefined) throw answers.revoke
      },
      async introspect(request) {
        fake.introspections.push(request)
        return { ...told(answers.introspect) }
      },
      revokeToken: unused,
      revokeTokenId: unused,
      revokeEverything: unused,
      async authenticateReader(authorization) {
        fake.readers.push(authorization)
        if (authorization !== undefined) return { client: 'api', secret: 's1' }
        throw refusal('oauth/invalid_client')
      },
      mayRead: async () => true,
      head: async () => told(answers.feed).head,
      read: async () => told(answers.feed),
    },
    logout: {
      async begin(form, browser) {
        fake.logouts.push({ act: 'begin', form, browser })
        return told(answers.logout)
      },
      async confirm(form, browser) {
        fake.logouts.push({ act: 'confirm', form, browser })
        return told(answers.logout)
      },
    },
    ownSessions: { view: async () => told(answers.ownSessions), end: unused },
    sessions: { start: unused, refresh: unused, end: unused, list: unused },
    clients: {
      add: unused,
      list: unused,
      find: unused,
      remove: unused,
      rotateSecret: unused,
      endSecret: unused,
      import: unused,
    },
    scopesSupported: () => ['openid', 'profile'],
    withSettings: () => fake,
    notices: { deliver: async () => 0 },
  }
  return fake
}

export function refusal(
  code: AuthorityError['code'],
  message: string = 'Cannot do it: the test says so',
): AuthorityError {
  return new AuthorityError(code, message)
}

function told<T>(answer: T | Error): T {
  if (answer instanceof Error) throw answer
  return answer
}
