import { ServerError } from '../errors.ts'
import { type Colours, ownColours, type Scheme } from './colours.ts'
import { deriveColours } from './derive-colours.ts'
import { type Logo, logoFault } from './logo.ts'

/** What a host may change in how the pages look. Nothing else is, so that every page stays readable and safe. */
export interface ThemeOptions {
  /** Stands on every page and in its title, beside the issuer's host; the host alone unless given. */
  readonly name?: string
  /**
   * An accent colour as `#rrggbb`. Where it could not be read on its ground, links and rings take a darker or lighter one;
   * see `deriveColours`.
   */
  readonly color?: string
  /** Takes the place of our mark: an SVG or PNG file of at most 128 KiB, without scripts. */
  readonly logo?: Logo
}

/** How the pages look, checked. */
export interface Theme {
  readonly name: string | undefined
  readonly colours: Readonly<Record<Scheme, Colours>>
  readonly logo: Logo | undefined
}

/** Throws `server/options` for a name, a colour or a logo that cannot be shown. */
export function defineTheme({ name, color, logo }: ThemeOptions): Theme {
  if (name !== undefined && !isThemeName(name))
    throw refusal(`its name must have 1 to ${LONGEST_NAME} visible characters`)
  const derived = color === undefined ? undefined : deriveColours(color)
  if (color !== undefined && derived === undefined) throw refusal('its color must be written as #rrggbb')
  const fault = logo && logoFault(logo)
  if (fault !== undefined) throw refusal(`its logo ${fault}`)
  return { name, colours: derived?.colours ?? ownColours, logo }
}

export function isThemeName(name: string): boolean {
  return name.trim() !== '' && name.length <= LONGEST_NAME && !UNSEEN.test(name)
}

function refusal(wrong: string): ServerError {
  return new ServerError('server/options', `Cannot take the theme: ${wrong}`)
}

const LONGEST_NAME = 60
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
