import { type Html, html } from './html.ts'

/** A sentence of the catalogue with marked-up content in place of its parameter; the sentence itself is escaped. */
export function inSentence(sentence: (value: string) => string, content: Html): Html {
  const [before, ...after] = sentence(PLACE).split(PLACE)
  return html`${before}${after.map((text) => html`${content}${text}`)}`
}

/** A character that no text has (Unicode keeps it for private use). */
const PLACE = '\ue000'
