import { randomBytes } from 'node:crypto'
import {
  type AccountStore,
  type Authority,
  type Browser,
  type ClaimsHook,
  createAuthority,
  createLocalAccounts,
  defineSettings,
  type LocalAccounts,
  type OAuthForm,
  type PasswordHasher,
  parseOAuthForm,
  type SettingsOptions,
  type Stores,
  type TokenResponse,
} from '@jotwarden/authority'
import { createKeyring, type KeyRequest, type KeySchedule, type KeyStore } from '@jotwarden/keyring'
import { createMemoryStores } from '@jotwarden/store-memory'
import {
  encodeBase64url,
  generateKeyPair,
  importSignKey,
  jwkThumbprint,
  type PrivateJwk,
  Secret,
  signerOf,
} from '@jotwarden/token'

export const ISSUER = 'https://auth.example'
export const API = 'https://api.example'
export const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-long'
export const CHALLENGE = 'IVwqw-RbcfSCohPiwFj5_rcK5SITNl8PHeuEfqi9ouM'
export const PASSWORD = 'correct horse battery'

export interface World {
  readonly authority: Authority
  readonly stores: Stores
  readonly accounts: LocalAccounts
  readonly time: { now: number }
  readonly web: { readonly id: string; readonly secret: string }
  readonly app: string
  readonly service: { readonly id: string; readonly secret: string }
  readonly subject: string
  readonly keyStore: KeyStore
}

/** Another node on the store and keys of the first, with a clock of its own. */
export async function joinedBy(made: World): Promise<World> {
  const time = { now: made.time.now }
  const node = await nodeOf(made.stores, made.keyStore, time, {})
  return { ...made, ...node, time }
}

/** An authority on memory, with a clock that stands still, a person and three clients. */
export async function world(
  options: {
    readonly settings?: Partial<SettingsOptions>
    readonly claims?: ClaimsHook
    readonly stores?: Stores
    readonly accounts?: AccountStore
    readonly schedule?: (stores: Stores) => KeySchedule
  } = {},
): Promise<World> {
  const time = { now: 1_800_000_000 }
  const stores = options.stores ?? createMemoryStores()
  const keyStore = memoryKeyStore()
  return furnished(await nodeOf(stores, keyStore, time, options), stores, keyStore, time)
}

async function nodeOf(
  stores: Stores,
  keyStore: KeyStore,
  time: { now: number },
  options: Omit<NonNullable<Parameters<typeof world>[0]>, 'stores'>,
): Promise<Pick<World, 'authority' | 'accounts'>> {
  const clock = { now: () => time.now }
  const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
  const keyring = createKeyring({
    issuer: ISSUER,
    records: stores.keys,
    store: keyStore,
    clock,
    ...(options.schedule === undefined ? {} : { schedule: options.schedule(stores) }),
  })
  const accounts = createLocalAccounts({
    issuer: ISSUER,
    records: stores.accounts,
    hasher: plainHasher(),
    clock,
    random,
  })
  const settings = defineSettings({
    issuer: ISSUER,
    resources: [
      {
        identifier: API,
        name: 'Orders',
        scopes: { 'orders:read': 'See your orders', 'orders:write': 'Change your orders' },
      },
    ],
    ...options.settings,
  })
  const claims = options.claims === undefined ? {} : { claims: options.claims }
  const authority = await createAuthority({
    settings,
    stores,
    keyring,
    accounts: options.accounts ?? accounts,
    clock,
    random,
    ...claims,
  })
  return { authority, accounts }
}

async function furnished(
  { authority, accounts }: Pick<World, 'authority' | 'accounts'>,
  stores: Stores,
  keyStore: KeyStore,
  time: { now: number },
): Promise<World> {
  const scopes = ['openid', 'profile', 'email', 'orders:read', 'orders:write']
  const web = await authority.clients.add({
    id: 'web',
    name: 'Web',
    type: 'confidential',
    redirectUris: ['https://web.example/cb'],
    scopes,
    consent: 'trusted',
  })
  await authority.clients.add({
    id: 'app',
    name: 'App',
    type: 'public',
    applicationType: 'native',
    redirectUris: ['http://127.0.0.1/cb'],
    scopes,
  })
  await authority.clients.add({
    id: 'page',
    name: 'Page',
    type: 'public',
    redirectUris: ['https://page.example/cb'],
    scopes,
  })
  const service = await authority.clients.add({
    id: 'service',
    name: 'Service',
    type: 'confidential',
    scopes: ['orders:read'],
  })
  const { subject } = await accounts.add({
    username: 'ada',
    name: 'Ada',
    email: 'ada@example.com',
    password: Secret.fromText(PASSWORD),
  })
  const secretOf = (secret: Secret | null) => secret?.revealText() ?? ''
  return {
    authority,
    stores,
    accounts,
    keyStore,
    time,
    subject,
    web: { id: 'web', secret: secretOf(web.secret) },
    app: 'app',
    service: { id: 'service', secret: secretOf(service.secret) },
  }
}

export function form(values: { readonly [name: string]: string | undefined }): OAuthForm {
  const present = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return parseOAuthForm(new URLSearchParams(present).toString())
}

/** A new browser, with no cookies. */
export function browser(): {
  login: string | undefined
  binding: string | undefined
  network: string | undefined
} {
  return { login: undefined, binding: undefined, network: '192.0.2.7' }
}

export function authorizationForm(changes: { readonly [name: string]: string | undefined } = {}): OAuthForm {
  return form({
    client_id: 'app',
    redirect_uri: 'http://127.0.0.1:4711/cb',
    response_type: 'code',
    scope: 'openid profile orders:read',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  })
}

/** Signs in and consents; the query that the client is sent back with. */
export async function authorize(
  { authority }: World,
  changes: { readonly [name: string]: string | undefined } = {},
  from: Browser & { login: string | undefined; binding: string | undefined } = browser(),
): Promise<URLSearchParams> {
  let step = await authority.authorization.begin(authorizationForm(changes), from)
  if (step.step === 'login') {
    from.binding = step.binding
    const signedIn = await authority.authorization.signIn(
      { interaction: step.interaction, username: 'ada', password: Secret.fromText(PASSWORD) },
      from,
    )
    if (signedIn.step !== 'signed-in') throw new Error('the sign-in was refused')
    from.login = signedIn.login
    step = signedIn.next
  }
  if (step.step === 'consent') {
    from.binding = step.binding
    step = await authority.authorization.consent({ interaction: step.interaction, decision: 'allow' }, from)
  }
  if (step.step !== 'redirect') throw new Error(`stopped at ${step.step}`)
  return new URL(step.location).searchParams
}

export async function redeem(
  { authority }: World,
  code: string,
  changes: { readonly [name: string]: string | undefined } = {},
): Promise<TokenResponse> {
  const values = {
    grant_type: 'authorization_code',
    client_id: 'app',
    code,
    redirect_uri: 'http://127.0.0.1:4711/cb',
    code_verifier: VERIFIER,
  }
  return authority.token({
    form: form({ ...values, ...changes }),
    authorization: undefined,
    network: '192.0.2.7',
  })
}

/** A whole sign-in of the public client. */
export async function signedIn(made: World): Promise<TokenResponse & { readonly refresh_token: string }> {
  const tokens = await redeem(made, (await authorize(made)).get('code') ?? '')
  if (tokens.refresh_token === undefined) throw new Error('no refresh token')
  return { ...tokens, refresh_token: tokens.refresh_token }
}

export function refresh(
  { authority }: World,
  token: string,
  changes: { readonly [name: string]: string | undefined } = {},
  network = '192.0.2.7',
): Promise<TokenResponse> {
  const values = { grant_type: 'refresh_token', client_id: 'app', refresh_token: token }
  return authority.token({ form: form({ ...values, ...changes }), authorization: undefined, network })
}

/** The error's code, or `accepted`. */
export async function outcome(act: Promise<unknown>): Promise<string> {
  try {
    await act
    return 'accepted'
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`
}

function memoryKeyStore(): KeyStore {
  const kept = new Map<string, { readonly privateJwk?: PrivateJwk; readonly bytes?: Uint8Array }>()
  return {
    name: 'test',
    async generate({ purpose }: KeyRequest) {
      if (purpose === 'token-signing') {
        const { privateJwk, publicJwk } = generateKeyPair('ES256')
        kept.set(jwkThumbprint(publicJwk), { privateJwk })
        return { kid: jwkThumbprint(publicJwk), publicJwk, wrapped: 'kept' }
      }
      const kid = encodeBase64url(randomBytes(8))
      kept.set(kid, { bytes: randomBytes(32) })
      return { kid, publicJwk: null, wrapped: 'kept' }
    },
    async signer({ kid }) {
      const privateJwk = kept.get(kid)?.privateJwk
      if (privateJwk === undefined) throw new Error('no such key')
      return signerOf(importSignKey(privateJwk))
    },
    async secret({ kid }) {
      return Secret.fromBytes(kept.get(kid)?.bytes ?? new Uint8Array())
    },
  }
}

/** No stretching, so that tests are fast; the real one is tested where it lives. */
function plainHasher(): PasswordHasher {
  return {
    hash: async (password) => `plain$${password.revealText()}`,
    verify: async (password, phc) => {
      if (phc === `plain$${password.revealText()}`) return 'match'
      return phc === `old$${password.revealText()}` ? 'match-rehash' : 'mismatch'
    },
    close: async () => {},
  }
}
