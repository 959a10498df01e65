/** A colour of sRGB: red, green and blue from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number]

/** Reads `#rrggbb`; undefined for anything else. */
export function parseColour(text: string): Colour | undefined {
  if (!HEX.test(text)) return undefined
  return [part(text, 1), part(text, 3), part(text, 5)]
}

export function formatColour(colour: Colour): string {
  return `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

/** From 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** `share` of the second colour in the first, from 0 to 1, as whole numbers. */
export function mixed(colour: Colour, other: Colour, share: number): Colour {
  const at = (index: 0 | 1 | 2): number => Math.round(colour[index] + (other[index] - colour[index]) * share)
  return [at(0), at(1), at(2)]
}

/** WCAG 2.2, relative luminance. */
function luminance([red, green, blue]: Colour): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function linear(value: number): number {
  const part = value / 255
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}

function part(text: string, at: number): number {
  return Number.parseInt(text.slice(at, at + 2), 16)
}

const HEX = /^#[0-9a-f]{6}$/i
