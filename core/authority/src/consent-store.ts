import type { SecurityEvent } from './security-event.ts'

/** What a person allowed a client. */
export interface Consent {
  readonly subject: string
  readonly client: string
  readonly scopes: readonly string[]
  /** Seconds since the epoch. */
  readonly givenAt: number
}

/** Where consents are kept, one a subject and client. */
export interface ConsentStore {
  /** Widens the consent by these scopes, atomically: two concurrent calls leave the union. */
  give(issuer: string, consent: Consent, events: readonly SecurityEvent[]): Promise<void>
  find(issuer: string, subject: string, client: string): Promise<Consent | undefined>
}
