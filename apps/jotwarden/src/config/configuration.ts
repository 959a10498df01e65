import type { Address } from './address.ts'

/** The configuration, checked and with its defaults. Durations are seconds, paths are absolute. */
export interface Configuration {
  readonly issuer: string
  readonly server: {
    readonly listen: Address
    readonly tls_cert?: string | undefined
    readonly tls_key?: string | undefined
    readonly trusted_proxies: readonly string[]
  }
  readonly store: { readonly path: string }
  readonly keys: {
    readonly kek_file?: string | undefined
    readonly kek_env?: string | undefined
    readonly previous_kek_env?: string | undefined
    readonly epoch_file: string
    readonly signing_alg: 'ES256' | 'Ed25519' | 'RS256'
    readonly owner: string
    readonly rotation_period: number
    readonly rotation_volume?: number | undefined
    readonly cryptoperiod: number
    readonly jwks_max_age: number
    readonly propagation: number
    readonly clock_skew: number
  }
  readonly tokens: {
    readonly access_token_lifetime: number
    readonly id_token_lifetime: number
    readonly code_lifetime: number
  }
  readonly sessions: {
    readonly interaction_lifetime: number
    readonly login_lifetime: number
    readonly idle_lifetime: number
    readonly lifetime: number
    readonly grace_window: number
    readonly shadow_limit: number
    readonly end_shadowed: boolean
    readonly revocation_quota: number
  }
  readonly log: {
    readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
    readonly format: 'json' | 'text'
    readonly requests: boolean
    readonly slow: number
    readonly addresses: 'network' | 'full' | 'none'
  }
  /** Null for good. */
  readonly events: { readonly retention: number | null }
  readonly metrics: { readonly listen?: Address | undefined; readonly beyond_loopback: boolean }
  readonly pages: {
    readonly language: 'en' | 'de' | 'fr'
    readonly name?: string | undefined
    readonly color?: string | undefined
    readonly logo?: string | undefined
  }
  /** Where people are told of what concerns their account. */
  readonly notices: {
    readonly url?: string | undefined
    readonly secret_file?: string | undefined
    readonly secret_env?: string | undefined
  }
  readonly resources: readonly {
    readonly identifier: string
    readonly name: string
    readonly scopes: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  }[]
}
