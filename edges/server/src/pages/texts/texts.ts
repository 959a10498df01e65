import type { SessionsTexts } from './sessions-texts.ts'

/**
 * What the pages say, page by page; one module a language fulfils it (`en.ts`, `de.ts`, `fr.ts`).
 *
 * To add a text: a key here, then in each language, which the compiler asks for. What stands inside a sentence is a
 * parameter, so that each language puts it where it belongs; a page that marks it up uses `inSentence`. Texts are plain:
 * whatever looks like HTML is escaped. To add a language: its module, and a row in `languages.ts`.
 */
export interface Texts {
  readonly frame: {
    readonly foot: string
    /** In place of a name that cannot be shown. */
    readonly unnamed: string
    readonly forDevelopers: string
    readonly reference: string
  }
  /** Where a person goes back to; stands as `place` in the sentences below. */
  readonly places: {
    readonly unknown: string
    readonly thisDevice: (app: string) => string
  }
  readonly login: {
    readonly title: (app: string) => string
    /** The title when something went wrong. */
    readonly problem: (title: string) => string
    readonly heading: string
    readonly lead: (app: string) => string
    readonly username: string
    readonly password: string
    readonly submit: string
    readonly afterwards: (place: string) => string
    /** Does not say which of the two is wrong. */
    readonly credentials: string
    readonly busy: string
    readonly missing: string
    /** Says the same of a name that nobody has. */
    readonly throttled: (wait: string) => string
  }
  readonly consent: {
    readonly title: (app: string) => string
    readonly signedInAs: string
    readonly wants: string
    readonly deny: string
    readonly allow: string
    readonly afterwards: (place: string) => string
  }
  /** What the authority's own scopes let an app do. */
  readonly scopes: {
    readonly openid: string
    readonly profile: string
    readonly email: string
    readonly offline_access: string
  }
  readonly logout: {
    readonly title: string
    readonly asks: (app: string) => string
    readonly effect: string
    readonly submit: string
    readonly stay: string
    readonly afterwards: (place: string) => string
  }
  readonly signedOut: { readonly title: string; readonly text: string }
  readonly index: {
    readonly title: string
    readonly text: string
    readonly metadata: string
    readonly forYou: string
    readonly sessions: string
  }
  readonly sessions: SessionsTexts
  readonly errors: {
    readonly badRequest: PageText
    readonly startAgain: PageText
    readonly failed: PageText
    readonly busy: PageText
    readonly clientUnknown: PageText
    readonly redirectUri: PageText
    readonly subject: PageText
    readonly insecure: PageText
    readonly crossSite: PageText
    readonly notFound: PageText
    readonly method: PageText
  }
}

/** What went wrong, and what to do now. */
export interface PageText {
  readonly title: string
  readonly text: string
}
