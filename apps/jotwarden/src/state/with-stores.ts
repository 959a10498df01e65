import type { Stores } from '@jotwarden/authority'
import type { SharedOptions } from '../commands/shared-options.ts'
import type { Terminal } from '../output/terminal.ts'
import { configurationOf } from './configuration-of.ts'

/** What an issuer has in its store. */
export interface OpenedStores {
  readonly issuer: string
  readonly stores: Stores
}

/**
 * Opens the configured store for one act that only looks, and closes it after it. Needs no key, so that it also shows
 * what keeps an authority from starting.
 */
export async function withStores<T>(
  terminal: Terminal,
  options: SharedOptions,
  act: (opened: OpenedStores) => Promise<T>,
): Promise<T> {
  const { issuer, store } = configurationOf(terminal, options).configuration
  const { openStores } = await import('./open-stores.ts')
  const stores = await openStores(store.path)
  try {
    return await act({ issuer, stores })
  } finally {
    await stores.close()
  }
}
