import { TokenError } from '@jotwarden/token'
import { invalid } from './invalid-option.ts'
import { issuerKeys, readKeySet } from './issuer-keys.ts'
import { KeyCache, type KeyProvider, type PreloadedKeys } from './key-cache.ts'
import type { IssuerMetadata } from './metadata.ts'
import { systemChance } from './platform.ts'
import type { EventLog } from './verifier-event.ts'
import type { CheckedOptions } from './verifier-options.ts'

/** Where a verifier with these options has its keys from. Throws `verifier/options` for keys that cannot be used. */
export function keyProvider(
  options: CheckedOptions,
  metadata: IssuerMetadata,
  events: EventLog,
): KeyProvider {
  const preloaded = options.jwks === undefined ? undefined : preloadedKeys(options)
  const { clock, longestStale, jwksUri, ...rest } = options
  if (jwksUri === null && preloaded !== undefined) return fixedKeys(preloaded)
  const load = issuerKeys({ ...rest, clock, metadata, ...(typeof jwksUri === 'string' ? { jwksUri } : {}) })
  const tell = events.tell.bind(events)
  return new KeyCache({
    load,
    clock,
    chance: systemChance,
    longestStale,
    tell,
    preloaded,
  })
}

function fixedKeys(preloaded: PreloadedKeys | Promise<PreloadedKeys>): KeyProvider {
  if (preloaded instanceof Promise)
    return {
      keysFor: async () => (await preloaded).keys,
      atHand: () => undefined,
      document: () => undefined,
    }
  const { keys, document } = preloaded
  return { keysFor: () => keys, atHand: () => keys, document: () => document }
}

function preloadedKeys({ jwks, ...options }: CheckedOptions): PreloadedKeys | Promise<PreloadedKeys> {
  const misread = (cause: unknown): never => {
    if (!(cause instanceof TokenError)) throw cause
    throw invalid('jwks', `is no usable key set (${cause.code})`, 'pass the JSON that the issuer publishes')
  }
  try {
    const keys = readKeySet(jwks, options)
    if (!(keys instanceof Promise)) return { keys, document: jwks }
    const loading = keys.then((loaded) => ({ keys: loaded, document: jwks }), misread)
    // Whoever asks for the keys is told; before that it is nobody's unhandled rejection
    loading.catch(() => undefined)
    return loading
  } catch (cause) {
    return misread(cause)
  }
}
