/** Text that is safe to stand in a page; only `html` makes it. */
export class Html {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  /** The template's own text is taken as it stands, every value is escaped; `undefined` and `false` give nothing. */
  static of(strings: TemplateStringsArray, values: readonly HtmlValue[]): Html {
    return new Html(strings.reduce((text, string, i) => text + Html.text(values[i - 1]) + string))
  }

  static text(value: HtmlValue): string {
    if (value === undefined || value === false) return ''
    if (typeof value === 'string') return value.replace(SPECIAL, (character) => ENTITIES[character] ?? '')
    if (value instanceof Html) return value.#text
    return value.map(Html.text).join('')
  }
}

export type HtmlValue = string | Html | readonly Html[] | undefined | false

/** Writes HTML with every value escaped, for text and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return Html.of(strings, values)
}

export function renderHtml(page: Html): string {
  return Html.text(page)
}

const SPECIAL = /[&<>"'`]/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}
