import type { DescribedScope } from './resources.ts'

/** What the browser showed of itself: the values of its cookies, and where it calls from. */
export interface Browser {
  /** The single sign-on cookie. */
  readonly login: string | undefined
  /** The cookie that ties interactions to the browser they were begun in. */
  readonly binding: string | undefined
  /** Its address, as text. */
  readonly network: string | undefined
  /** Its `User-Agent`, of which only the kind of browser and of device is kept (`deviceOf`). */
  readonly userAgent?: string | undefined
}

/** What the person sees next. */
export type AuthorizationStep = LoginStep | ConsentStep | RedirectStep | OwnPageStep

export interface LoginStep extends PageStep {
  readonly step: 'login'
  readonly loginHint: string | undefined
}

export interface ConsentStep extends PageStep {
  readonly step: 'consent'
  readonly client: { readonly id: string; readonly name: string }
  readonly redirectUri: string
  readonly account: { readonly username: string; readonly name: string | null }
  readonly scopes: readonly DescribedScope[]
}

/** Back to the client, with a code or with a refusal; always carries `iss` (RFC 9207). */
export interface RedirectStep {
  readonly step: 'redirect'
  readonly location: string
}

/** On to the authority's own page, where people see their sessions. */
export interface OwnPageStep {
  readonly step: 'own-page'
}

export interface PageStep {
  /** Sealed; comes back with what the person did. */
  readonly interaction: string
  /** The cookie value that the interaction is tied to. */
  readonly binding: string
  /** Null when the sign-in leads to the authority's own page and to no app. */
  readonly client: { readonly id: string; readonly name: string } | null
  /** Where the browser will be sent in the end (a page's `form-action` must allow it); null as `client`. */
  readonly redirectUri: string | null
  /** The languages that the client would like its pages in, the best first. */
  readonly uiLocales: readonly string[]
}

/** What came of a sign-in. */
export type SignInStep =
  | (PageStep & {
      readonly step: 'refused'
      /** `busy`: ask again shortly; nothing is known of the password. */
      readonly reason: 'credentials' | 'busy'
      readonly loginHint: string | undefined
    })
  | (PageStep & {
      readonly step: 'refused'
      /** Too many guesses at this name or from this network; the password was not looked at. */
      readonly reason: 'throttled'
      /** Seconds. */
      readonly retryAfter: number
      readonly loginHint: string | undefined
    })
  | {
      readonly step: 'signed-in'
      /** The single sign-on cookie's value. */
      readonly login: string
      /** Seconds since the epoch. */
      readonly loginExpiresAt: number
      readonly next: AuthorizationStep
    }
