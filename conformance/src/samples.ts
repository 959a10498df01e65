import type {
  AccountRecord,
  Client,
  ClientSecret,
  Code,
  Consent,
  Login,
  NewHolding,
  NewMark,
  Rotation,
  SecretRotation,
  SecurityEvent,
  Session,
} from '@jotwarden/authority'
import type { KeyRecord } from '@jotwarden/keyring'

/** Rows as the authority makes them: ids of their true lengths, each one new. */
export function sampleClient(own: Partial<Client> = {}): Client {
  return {
    id: unique('app', 12),
    name: 'Ledger',
    type: 'confidential',
    applicationType: 'web',
    secrets: [sampleSecret()],
    redirectUris: ['https://ledger.example/callback', 'https://ledger.example/other'],
    grantTypes: ['authorization_code', 'refresh_token'],
    scopes: ['openid', 'profile'],
    consent: 'ask',
    postLogoutRedirectUris: ['https://ledger.example/bye'],
    resource: null,
    createdAt: T0,
    ...own,
  }
}

export function sampleSecret(own: Partial<ClientSecret> = {}): ClientSecret {
  return {
    id: unique('s', 8),
    hash: unique('secret', 43),
    origin: 'made',
    createdAt: T0,
    endsAt: null,
    usedAt: null,
    ...own,
  }
}

export function sampleSecretRotation(
  own: Partial<SecretRotation> & { readonly client: string; readonly replaces: string },
): SecretRotation {
  return { fresh: sampleSecret(), endsAt: T0 + 600, endsGrants: false, now: T0, ...own }
}

export function sampleAccount(own: Partial<AccountRecord> = {}): AccountRecord {
  return {
    subject: unique('usr_', 26),
    username: unique('ada', 8),
    name: 'Ada Lovelace',
    email: 'ada@people.example',
    emailVerified: true,
    disabled: false,
    credentialVersion: 0,
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    createdAt: T0,
    ...own,
  }
}

export function sampleLogin(own: Partial<Login> = {}): Login {
  return {
    id: unique('login', 22),
    subject: 'usr_AAAAAAAAAAAAAAAAAAAAAA',
    cookieHash: unique('cookie', 43),
    authTime: T0,
    amr: ['pwd'],
    acr: null,
    rev: 0,
    device: 'firefox/linux',
    earlier: ['an-earlier-login'],
    expiresAt: T0 + 28_800,
    endedAt: null,
    ...own,
  }
}

export function sampleConsent(own: Partial<Consent> = {}): Consent {
  return { subject: 'usr_AAAAAAAAAAAAAAAAAAAAAA', client: 'ledger', scopes: ['openid'], givenAt: T0, ...own }
}

export function sampleCode(own: Partial<Code> & { readonly login: string }): Code {
  return {
    hash: unique('code', 43),
    client: 'ledger',
    redirectUri: 'https://ledger.example/callback',
    codeChallenge: unique('challenge', 43),
    subject: 'usr_AAAAAAAAAAAAAAAAAAAAAA',
    scope: ['openid', 'profile'],
    resources: ['https://api.example/'],
    nonce: 'n-0S6_WzA2Mj',
    authTime: T0,
    acr: null,
    amr: ['pwd'],
    rev: 0,
    device: null,
    issuedAt: T0,
    expiresAt: T0 + 60,
    session: null,
    ...own,
  }
}

export function sampleSession(own: Partial<Session> = {}): Session {
  return {
    id: unique('session', 22),
    login: null,
    client: 'ledger',
    subject: 'usr_AAAAAAAAAAAAAAAAAAAAAA',
    scope: ['openid', 'offline_access'],
    resources: ['https://api.example/'],
    confirmation: null,
    authTime: T0,
    acr: null,
    amr: ['pwd'],
    rev: 0,
    device: null,
    seed: Uint8Array.from({ length: 32 }, (_, index) => (index * 7 + count) % 256),
    generation: 0,
    rotatedAt: null,
    macKid: 'mac-key-one',
    network: null,
    gracedGeneration: null,
    gracedInRow: 0,
    statusIndex: null,
    createdAt: T0,
    idleExpiresAt: T0 + 1000,
    absoluteExpiresAt: T0 + 5000,
    endedAt: null,
    endCause: null,
    ...own,
  }
}

export function sampleRotation(own: Partial<Rotation> & { readonly session: string }): Rotation {
  return {
    generation: 0,
    now: T0 + 100,
    mode: 'rotate',
    graceWindow: 10,
    idleLifetime: 1000,
    macKid: 'mac-key-one',
    network: null,
    shadowLimit: 0,
    endShadowed: false,
    ...own,
  }
}

export function sampleKey(own: Partial<KeyRecord> = {}): KeyRecord {
  const kid = unique('kid', 43)
  return {
    issuer: ISSUER,
    kid,
    purpose: 'token-signing',
    alg: 'ES256',
    state: 'active',
    publicJwk: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      alg: 'ES256',
      kid,
    },
    wrapped: 'jwk1.d3JhcHBlZA',
    createdAt: T0,
    announcedAt: T0,
    activatedAt: T0,
    retiringAt: null,
    removableAt: null,
    retiredAt: null,
    compromisedAt: null,
    uses: 0,
    version: 1,
    ...own,
  }
}

export function sampleHolding(own: Partial<NewHolding> = {}): NewHolding {
  return { holder: unique('ada', 8), kind: 'person', secret: 'kek', since: T0, because: null, ...own }
}

export function sampleEvent(own: Partial<SecurityEvent> = {}): SecurityEvent {
  return { type: 'login-refused', at: T0, ...own }
}

export function sampleMark(own: Partial<NewMark> = {}): NewMark {
  return {
    kind: 'token',
    id: unique('jti', 22),
    cause: 'revoked',
    at: T0,
    expiresAt: T0 + 600,
    owner: null,
    ...own,
  }
}

/** `name` and a number, filled up to the length that such an identifier has. */
function unique(name: string, length: number): string {
  count += 1
  return `${name}${count}_`.padEnd(length, 'A')
}

let count = 0

/** Seconds since the epoch: when every sample begins. */
export const T0 = 1_800_000_000
export const ISSUER = 'https://issuer.example'
/** Begins with the other's name, which a careless comparison of prefixes would take for the same. */
export const OTHER_ISSUER = 'https://issuer.example/other'
