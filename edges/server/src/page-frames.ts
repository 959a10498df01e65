import { readUiLocales } from '@jotwarden/authority'
import { languageOf, lookUp } from './choose-language.ts'
import type { PageFrame } from './pages/layout.ts'
import { type Language, languages, withOwnTexts } from './pages/texts/languages.ts'
import type { PageOptions } from './server-options.ts'

/** The frame of a page for whoever asks: in the language that the app wishes, else that of the browser. */
export interface PageFrames {
  /** `uiLocales` are the app's wishes; those of the request's own query unless given. */
  frameFor(request: Request, uiLocales?: readonly string[]): PageFrame
}

export function createPageFrames(
  looks: Omit<PageFrame, 'language' | 'texts' | 'asked'>,
  options: PageOptions,
): PageFrames {
  const texts = withOwnTexts(options.texts ?? {})
  const fallback = options.language ?? 'en'
  return {
    frameFor(request, uiLocales = localesInQuery(request.url)) {
      const accepted = request.headers.get('accept-language')
      const language = languageOf(uiLocales, accepted, languages, fallback)
      return { ...looks, language, texts: texts[language], asked: lookUp(uiLocales, languages, fallback) }
    },
  }
}

/** The path with the language that the app asked for, so that what comes after it is in that language too, also a refusal. */
export function inAskedLanguage(path: string, { asked }: { readonly asked: Language | undefined }): string {
  return asked === undefined ? path : `${path}?ui_locales=${asked}`
}

/** The path, which may have a query already, with one value more. */
export function withQuery(path: string, name: string, value: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`
}

function localesInQuery(url: string): readonly string[] {
  return readUiLocales(new URL(url).searchParams.get('ui_locales') ?? undefined)
}
