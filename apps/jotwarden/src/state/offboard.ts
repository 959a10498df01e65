import { setTimeout } from 'node:timers/promises'
import { type Holding, opensKeys, type RemainingStep, type SecretFacts } from '@jotwarden/authority'
import type { KeyRecord, Superseded } from '@jotwarden/keyring'
import type { Configuration } from '../config/configuration.ts'
import type { Environment } from '../config/environment.ts'
import { openKeks } from '../config/kek.ts'
import type { OpenedAuthority } from './open-authority.ts'
import { rosterOf } from './roster-of.ts'
import { systemClock } from './system.ts'

/** What came of somebody's leaving. */
export interface Offboarded {
  readonly held: readonly Holding[]
  /** Keys that were replaced, or will be. */
  readonly superseded: readonly Superseded[]
  /** Ids of the keys of which nothing is accepted any more. */
  readonly withdrawn: readonly string[]
  /** When the last thing that a key protects, which they may have copied, ends by itself; null when there is none. */
  readonly acceptedUntil: number | null
  readonly remaining: readonly (RemainingStep | OwnerStep)[]
}

/** The configuration still says that they answer for the keys. */
export interface OwnerStep {
  readonly step: 'name-another-owner'
}

/** How it is done. */
export interface OffboardingManner {
  readonly compromised: boolean
  readonly waits: boolean
  /** Somebody says that keys shared outside were replaced. */
  readonly vouched: boolean
}

/** What is on record of a holder, and of the secrets as they are. */
export interface OffboardingPlace {
  readonly opened: OpenedAuthority
  readonly configuration: Configuration
  readonly environment: Environment
}

/** What the holder has on record. */
export async function heldBy(place: OffboardingPlace, holder: string): Promise<readonly Holding[]> {
  const holdings = await rosterOf(place.opened.stores, place.configuration.issuer).list()
  return holdings.filter((held) => held.holder === holder)
}

/** Records that the holder left, and does of what follows whatever can be done without people. */
export async function offboard(
  place: OffboardingPlace,
  holder: string,
  manner: OffboardingManner,
): Promise<Offboarded> {
  const roster = rosterOf(place.opened.stores, place.configuration.issuer)
  await roster.offboard(holder, await factsOf(place))
  const copied = (await heldBy(place, holder)).filter(isOpenDoor).flatMap((held) => held.copied)
  const withdrawn = manner.compromised ? await withdraw(place, copied) : []
  const superseded = await supersede(place, copied, manner.waits)
  const facts = await factsOf(place)
  const steps = await roster.settle(holder, facts, manner.vouched)
  const isOwner = place.configuration.keys.owner === holder
  return {
    held: await heldBy(place, holder),
    superseded,
    withdrawn,
    acceptedUntil: acceptedUntil(facts.keys, copied),
    remaining: isOwner ? [...steps, { step: 'name-another-owner' }] : steps,
  }
}

function isOpenDoor({ secret, settledAt }: Holding): boolean {
  return opensKeys(secret) && settledAt === null
}

async function factsOf({ opened, configuration, environment }: OffboardingPlace): Promise<SecretFacts> {
  const { stores } = opened
  return {
    keys: await stores.keys.list(configuration.issuer),
    clients: await stores.clients.list(configuration.issuer),
    kekId: openKeks(configuration, environment)[0].id,
    now: systemClock.now(),
  }
}

/** Spares first, so that none of those takes the place of the active key. */
async function withdraw(
  { opened, configuration }: OffboardingPlace,
  copied: readonly string[],
): Promise<readonly string[]> {
  const keys = await opened.stores.keys.list(configuration.issuer)
  const stolen = keys.filter(({ kid, state }) => copied.includes(kid) && state !== 'compromised')
  const lastActive = stolen.toSorted((a, b) => Number(a.state === 'active') - Number(b.state === 'active'))
  for (const { kid } of lastActive) await opened.authority.keyring.compromise(kid)
  return lastActive.map(({ kid }) => kid)
}

async function supersede(
  { opened }: OffboardingPlace,
  copied: readonly string[],
  waits: boolean,
): Promise<readonly Superseded[]> {
  const done = new Map<string, Superseded>()
  for (;;) {
    const present = await opened.authority.keyring.supersede(copied)
    // What another process has replaced meanwhile is no longer told
    for (const { purpose, outcome } of done.values()) if (outcome === 'too-early') done.delete(purpose)
    for (const one of present) done.set(one.purpose, one)
    const soon = [...done.values()].flatMap((one) => (one.outcome === 'too-early' ? [one.at] : []))
    if (soon.length === 0 || !waits) return [...done.values()]
    const seconds = Math.min(Math.max(0, Math.min(...soon) - systemClock.now()), LONGEST_TIMER)
    await setTimeout(seconds * 1000)
    await opened.authority.keyring.renew()
  }
}

function acceptedUntil(keys: readonly KeyRecord[], copied: readonly string[]): number | null {
  const dates = keys
    .filter(({ kid, state }) => state === 'retiring' && copied.includes(kid))
    .map(({ removableAt }) => removableAt ?? 0)
  return dates.length === 0 ? null : Math.max(...dates)
}

/** Seconds. */
const LONGEST_TIMER = 86_400
