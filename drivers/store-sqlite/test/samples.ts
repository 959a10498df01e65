import type { Client, Code, Consent, Login, Rotation, Session } from '@jotwarden/authority'

/** Rows for tests that are not about what stands in them. */
export function sampleSession(id: string, own: Partial<Session> = {}): Session {
  return {
    id,
    login: null,
    client: 'ledger',
    subject: 'usr_one',
    scope: ['openid'],
    resources: [],
    confirmation: null,
    authTime: null,
    acr: null,
    amr: [],
    rev: 0,
    device: null,
    seed: new Uint8Array(32),
    generation: 0,
    rotatedAt: null,
    macKid: 'mac-key',
    network: null,
    gracedGeneration: null,
    gracedInRow: 0,
    statusIndex: null,
    createdAt: T0,
    idleExpiresAt: T0 + 1e8,
    absoluteExpiresAt: T0 + 1e8,
    endedAt: null,
    endCause: null,
    ...own,
  }
}

/** Rotations of successive generations lie outside each other's windows. */
export function sampleRotation(session: string, generation: number): Rotation {
  return {
    session,
    generation,
    now: T0 + 100 * (generation + 1),
    mode: 'rotate',
    graceWindow: 10,
    idleLifetime: 1e8,
    macKid: 'mac-key',
    network: null,
    shadowLimit: 0,
    endShadowed: false,
  }
}

export function sampleLogin(id: string): Login {
  return {
    id,
    subject: 'usr_one',
    cookieHash: `cookie-${id}`,
    authTime: T0,
    amr: ['pwd'],
    rev: 0,
    device: null,
    earlier: [],
    acr: null,
    expiresAt: T0 + 1e8,
    endedAt: null,
  }
}

export function sampleCode(hash: string, login: string): Code {
  return {
    hash,
    client: 'ledger',
    redirectUri: 'https://ledger.example/callback',
    codeChallenge: 'challenge',
    login,
    subject: 'usr_one',
    scope: ['openid'],
    resources: [],
    nonce: null,
    authTime: T0,
    acr: null,
    amr: ['pwd'],
    rev: 0,
    device: null,
    issuedAt: T0,
    expiresAt: T0 + 60,
    session: null,
  }
}

export function sampleClient(id: string): Client {
  return {
    id,
    name: 'Ledger',
    type: 'public',
    applicationType: 'web',
    secrets: [],
    redirectUris: [],
    grantTypes: [],
    scopes: [],
    consent: 'ask',
    postLogoutRedirectUris: [],
    resource: null,
    createdAt: T0,
  }
}

export function sampleConsent(subject: string, scope = 'openid'): Consent {
  return { subject, client: 'ledger', scopes: [scope], givenAt: T0 }
}

export const ISSUER = 'https://issuer.example'
/** Seconds since the epoch. */
export const T0 = 1_800_000_000
