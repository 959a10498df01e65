import type { Writable } from 'node:stream'
import type { Environment } from '../config/environment.ts'

/** Wraps text in the codes of a style, or leaves it alone. */
export type Painter = (style: Style, text: string) => string

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Colour only where a person looks: on a terminal, and without NO_COLOR (https://no-color.org). */
export function painterFor(
  stream: Writable & { readonly isTTY?: boolean },
  environment: Environment,
): Painter {
  const plain = stream.isTTY !== true || (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb'
  return plain ? (_style, text) => text : (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m`
}

const CODES: Readonly<Record<Style, string>> = {
  bold: '1',
  dim: '2',
  red: '31',
  green: '32',
  yellow: '33',
  cyan: '36',
}
