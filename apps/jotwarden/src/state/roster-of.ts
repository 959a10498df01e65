import { createRoster, type Roster, type Stores } from '@jotwarden/authority'
import { systemClock } from './system.ts'

/** The roster in an opened store. */
export function rosterOf({ holders, clients }: Stores, issuer: string): Roster {
  return createRoster({ issuer, holders, clients, clock: systemClock })
}
