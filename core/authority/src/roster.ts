import type { Clock } from '@jotwarden/token'
import type { ClientStore } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import type { HolderRecords } from './holder-records.ts'
import { type HeldSecret, type Holding, isHeldSecret, MOST_HOLDERS, type NewHolding } from './holdings.ts'
import { digestsOf, type RemainingStep, remainingSteps, type SecretFacts } from './offboarding.ts'
import type { SecurityEvent, SecurityEventType } from './security-event.ts'

/** Who holds which secret, and what follows when somebody leaves. */
export interface Roster {
  list(): Promise<readonly Holding[]>
  /** Throws `authority/holder-invalid`, `authority/holder-exists`, `authority/holders-full`, `authority/client-unknown`. */
  add(holding: Omit<NewHolding, 'since'>): Promise<void>
  /** Takes out what was never so. Throws `authority/holder-unknown`, `authority/holder-left`. */
  remove(holder: string, secret: string): Promise<void>
  /** Throws `authority/holder-unknown`. */
  offboard(holder: string, facts: SecretFacts): Promise<'offboarded' | 'already'>
  /** What somebody who left still knows and still works. */
  remaining(holder: string, facts: SecretFacts): Promise<readonly RemainingStep[]>
  /**
   * Closes the matter when nothing remains. `vouched`: somebody says that keys shared outside were replaced, which only
   * people know. Answers what remains; then nothing was changed.
   */
  settle(holder: string, facts: SecretFacts, vouched: boolean): Promise<readonly RemainingStep[]>
}

export interface RosterParts {
  readonly issuer: string
  readonly holders: HolderRecords
  readonly clients: ClientStore
  readonly clock: Clock
}

/** Makes the roster of one issuer. */
export function createRoster({ issuer, holders, clients, clock }: RosterParts): Roster {
  const list = () => holders.list(issuer)
  const remaining = async (holder: string, facts: SecretFacts) =>
    (await list()).filter((held) => held.holder === holder).flatMap((held) => remainingSteps(held, facts))
  const event = (type: SecurityEventType, holder: string, secret?: HeldSecret): SecurityEvent =>
    eventOf(type, clock.now(), holder, secret)
  return {
    list,
    remaining,
    async add(holding) {
      await checkHolding(holding, issuer, clients)
      const { holder, secret } = holding
      const added = event('holder-added', holder, secret)
      const outcome = await holders.add(issuer, { ...holding, since: clock.now() }, [added])
      if (outcome !== 'added') throw refused(outcome, holding)
    },
    async remove(holder, secret) {
      const outcome = isHeldSecret(secret)
        ? await holders.remove(issuer, holder, secret, [event('holder-removed', holder, secret)])
        : 'unknown'
      if (outcome === 'unknown') throw unknown()
      if (outcome === 'left')
        throw new AuthorityError(
          'authority/holder-left',
          'Cannot remove the holder: it is on record that they left, and that stays',
        )
    },
    async offboard(holder, facts) {
      const departure = { holder, at: clock.now(), digests: digestsOf(facts) }
      const outcome = await holders.offboard(issuer, departure, [event('holder-offboarded', holder)])
      if (outcome === 'unknown') throw unknown()
      return outcome
    },
    async settle(holder, facts, vouched) {
      const left = await remaining(holder, facts)
      const open = vouched ? left.filter(({ step }) => step !== 'replace-shared-key') : left
      if (open.length === 0)
        await holders.settle(issuer, holder, clock.now(), [event('holder-settled', holder)])
      return open
    },
  }
}

function eventOf(type: SecurityEventType, at: number, holder: string, secret?: HeldSecret): SecurityEvent {
  if (secret === undefined) return { type, at, holder }
  const client = secret.startsWith('client:') ? { client: secret.slice('client:'.length) } : {}
  return { type, at, holder, cause: secret, ...client }
}

async function checkHolding(
  { holder, secret, because }: Omit<NewHolding, 'since'>,
  issuer: string,
  clients: ClientStore,
): Promise<void> {
  if (!isLine(holder)) throw invalid('their name', 'use a line of 1 to 100 characters')
  if (because !== null && !isLine(because)) throw invalid('the reason', 'use a line of 1 to 100 characters')
  if (!isHeldSecret(secret))
    throw invalid('the secret', 'name kek, kek-backup, client:CLIENT-ID or shared:AUDIENCE')
  if (!secret.startsWith('client:')) return
  const client = await clients.find(issuer, secret.slice('client:'.length))
  if (client === undefined)
    throw new AuthorityError('authority/client-unknown', 'Cannot add the holder: no client has this id')
  if (client.secrets.length === 0) throw invalid('the secret', 'a public client has none')
}

function isLine(text: string): boolean {
  return /^[^\p{C}]{1,100}$/u.test(text) && text.trim() === text
}

function refused(outcome: 'exists' | 'full', { holder, secret }: Omit<NewHolding, 'since'>): AuthorityError {
  if (outcome === 'exists')
    return new AuthorityError(
      'authority/holder-exists',
      `Cannot add the holder: ${holder} is on record for ${secret}, now or from before`,
    )
  return new AuthorityError(
    'authority/holders-full',
    `Cannot add the holder: ${secret} has ${MOST_HOLDERS} holders, and each can act as every other; give the third a secret of its own, or write out why it must be this one`,
  )
}

function invalid(what: string, remedy: string): AuthorityError {
  return new AuthorityError(
    'authority/holder-invalid',
    `Cannot add the holder: ${what} is not one; ${remedy}`,
  )
}

function unknown(): AuthorityError {
  return new AuthorityError('authority/holder-unknown', 'Cannot find the holder: no such one is on record')
}
