import { type Colours, ownColours, type Scheme } from './colours.ts'
import { type Colour, contrast, formatColour, mixed, parseColour } from './contrast.ts'

/** The colours that one accent colour gives, and what became of it in each scheme. */
export interface DerivedColours {
  readonly colours: Readonly<Record<Scheme, Colours>>
  /** The schemes in which text, links and rings had to take a darker or lighter colour than the accent. */
  readonly corrected: readonly { readonly scheme: Scheme; readonly from: string; readonly to: string }[]
}

/**
 * Derives the colours of the pages from an accent colour, so that WCAG 2.2 AA holds whatever it is: 4.5 for all text
 * (§1.4.3), and as much for rings and edges, which need 3 (§1.4.11). Undefined unless it is `#rrggbb`.
 *
 * Links and rings take the accent, darkened on light grounds and lightened on dark ones as far as it needs. Buttons keep
 * it, with black or white on it, and have an edge of the corrected colour, so that a bright one still stands out.
 */
export function deriveColours(accent: string): DerivedColours | undefined {
  const colour = parseColour(accent)
  if (colour === undefined) return undefined
  const colours = { light: inScheme('light', colour), dark: inScheme('dark', colour) }
  const from = formatColour(colour)
  const corrected = SCHEMES.map((scheme) => ({ scheme, from, to: colours[scheme].accent }))
  return { colours, corrected: corrected.filter(({ to }) => to !== from) }
}

function inScheme(scheme: Scheme, colour: Colour): Colours {
  const own = ownColours[scheme]
  const { away, tintShare, glowShare } = SETTINGS[scheme]
  const [card, ground, quiet] = [known(own.card), known(own.ground), known(own.quiet)]
  const tint = firstThat((share) => mixed(card, colour, share), sharesFrom(tintShare), [quiet])
  const glow = firstThat((share) => mixed(ground, colour, share), sharesFrom(glowShare), [quiet])
  const accent = firstThat((share) => mixed(colour, away, share), SHARES, [card, ground, tint])
  const button = contrast(colour, card) < VISIBLE ? accent : colour
  const onButton = contrast(button, WHITE) >= TEXT ? WHITE : BLACK
  const strong = mixed(button, onButton === WHITE ? BLACK : WHITE, 0.2)
  return {
    ...own,
    tint: formatColour(tint),
    glow: formatColour(glow),
    accent: formatColour(accent),
    button: formatColour(button),
    'button-strong': formatColour(strong),
    'on-button': formatColour(onButton),
  }
}

/** The first of the colours that is apart enough from all of these; the last when none is. */
function firstThat(
  make: (share: number) => Colour,
  shares: readonly number[],
  others: readonly Colour[],
): Colour {
  const share = shares.find((one) => others.every((other) => contrast(make(one), other) >= TEXT))
  return make(share ?? shares.at(-1) ?? 0)
}

/** From a share down to none. */
function sharesFrom(most: number): readonly number[] {
  return [1, 0.8, 0.6, 0.4, 0.2, 0].map((part) => part * most)
}

/** Only for colours of ours. */
function known(text: string): Colour {
  return parseColour(text) ?? BLACK
}

const TEXT = 4.5
/** Less than this apart from its card, a button would look like one that is not filled. */
const VISIBLE = 1.25
const WHITE: Colour = [255, 255, 255]
const BLACK: Colour = [0, 0, 0]
const SCHEMES: readonly Scheme[] = ['light', 'dark']
const SHARES: readonly number[] = Array.from({ length: 65 }, (_, step) => step / 64)
const SETTINGS: Readonly<
  Record<Scheme, { readonly away: Colour; readonly tintShare: number; readonly glowShare: number }>
> = {
  light: { away: BLACK, tintShare: 0.07, glowShare: 0.16 },
  dark: { away: WHITE, tintShare: 0.08, glowShare: 0.13 },
}
