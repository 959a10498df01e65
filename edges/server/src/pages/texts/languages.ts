import { de } from './de.ts'
import { en } from './en.ts'
import { fr } from './fr.ts'
import type { Texts } from './texts.ts'

/** A language of the pages, as a BCP 47 tag. */
export type Language = 'en' | 'de' | 'fr'

/** What the pages say in each language, before a host's own words. */
export const pageTexts: Readonly<Record<Language, Texts>> = { en, de, fr }

export const languages: readonly Language[] = ['en', 'de', 'fr']

/** A host's own words; what is left out stays as it is. */
export type OwnTexts = {
  readonly [L in Language]?: { readonly [Page in keyof Texts]?: Partial<Texts[Page]> }
}

/** The texts of every language, with a host's own words in their places. */
export function withOwnTexts(own: OwnTexts): Readonly<Record<Language, Texts>> {
  return { en: replaced(en, own.en ?? {}), de: replaced(de, own.de ?? {}), fr: replaced(fr, own.fr ?? {}) }
}

function replaced(texts: Texts, own: NonNullable<OwnTexts[Language]>): Texts {
  return {
    frame: { ...texts.frame, ...own.frame },
    places: { ...texts.places, ...own.places },
    login: { ...texts.login, ...own.login },
    consent: { ...texts.consent, ...own.consent },
    scopes: { ...texts.scopes, ...own.scopes },
    logout: { ...texts.logout, ...own.logout },
    signedOut: { ...texts.signedOut, ...own.signedOut },
    index: { ...texts.index, ...own.index },
    sessions: { ...texts.sessions, ...own.sessions },
    errors: { ...texts.errors, ...own.errors },
  }
}
