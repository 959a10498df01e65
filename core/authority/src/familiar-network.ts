import { type Keyring, mayProcess } from '@jotwarden/keyring'
import type { Clock } from '@jotwarden/token'
import { networkHash } from './network.ts'
import type { EventStore } from './security-event.ts'

/** Whether a person has signed in from the network of this address within the last ninety days; `undefined` without an address. */
export type FamiliarNetwork = (subject: string, address: string | undefined) => Promise<boolean | undefined>

/**
 * Looks into the events, which outlive a restart. They name a network by a key that is replaced now and then, so that every
 * key is tried that is still there; who did not sign in while both keys were there is taken for new once.
 */
export function createFamiliarNetwork(parts: {
  readonly issuer: string
  readonly keyring: Keyring
  readonly events: EventStore
  readonly clock: Clock
}): FamiliarNetwork {
  const { issuer, keyring, events, clock } = parts
  return async (subject, address) => {
    if (address === undefined) return undefined
    const records = (await keyring.list()).filter(
      ({ purpose, state }) => purpose === 'refresh-mac' && mayProcess(state),
    )
    const networks = records
      .flatMap(({ kid }) => keyring.macKeyFor(kid) ?? [])
      .flatMap((key) => networkHash(issuer, key, address) ?? [])
    if (networks.length === 0) return undefined
    return events.signedInFrom(issuer, { subject, networks, since: clock.now() - FAMILIAR_FOR })
  }
}

/** Seconds for which a network stays familiar, where events are kept as long. */
export const FAMILIAR_FOR: number = 90 * 86_400
