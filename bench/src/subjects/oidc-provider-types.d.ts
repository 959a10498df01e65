// The package brings no types; these are the parts that the benchmark touches.
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  interface Grant {
    addOIDCScope(scope: string): void
    addResourceScope(resource: string, scope: string): void
    save(): Promise<string>
  }

  export class Provider {
    constructor(issuer: string, configuration: object)
    callback(): RequestListener
    readonly Client: { find(id: string): Promise<object> }
    readonly Grant: new (properties: {
      accountId: string
      clientId: string
    }) => Grant
    readonly RefreshToken: new (
      properties: object,
    ) => { save(): Promise<string> }
  }
}

declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  /** The package's own memory store; the second argument replaces its map of at most 1,000 rows. */
  class MemoryAdapter {
    constructor(
      model: string,
      rows: {
        get(key: string): unknown
        set(key: string, value: unknown): unknown
        delete(key: string): unknown
      },
    )
  }

  export { MemoryAdapter as default }
}
