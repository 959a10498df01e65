import type { createApi } from '@jotwarden/example-api'
import type { createWebApp } from '@jotwarden/example-web-app'
import { Refusal } from '../refusal.ts'

/** The sample applications. */
export interface Samples {
  readonly createApi: typeof createApi
  readonly createWebApp: typeof createWebApp
}

/** Loads the samples, which stand in the repository and are no part of the published package. Throws `Refusal` without them. */
export async function loadSamples(): Promise<Samples> {
  try {
    const [api, webApp] = await Promise.all([
      import('@jotwarden/example-api'),
      import('@jotwarden/example-web-app'),
    ])
    return { createApi: api.createApi, createWebApp: webApp.createWebApp }
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause
    throw new Refusal('refused', 'Cannot start development mode: the sample applications are not installed', {
      cause,
      remedy:
        'Run it in a checkout of the repository after `npm ci`; or use `jotwarden init` and `jotwarden serve`',
    })
  }
}
