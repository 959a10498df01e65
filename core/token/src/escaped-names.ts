/**
 * The names of all members in a JSON text as they are written, and the text with each name replaced by its place among
 * them. `JSON.parse` of V8 cannot be relied on for a name that is written with an escape: it takes such a name for
 * another one that begins like its spelling, if an object with that other name was parsed before, by whomever
 * (nodejs/node#63785). A name would hide there from every check; a number has nothing to hide.
 */
export function numberedNames(text: string): {
  readonly names: readonly string[]
  readonly numbered: string
} {
  const names: string[] = []
  const numbered = text.replace(STRING, (whole: string, written: string, colon: string | undefined) =>
    colon === undefined ? whole : `"${names.push(written) - 1}":`,
  )
  return { names, numbered }
}

/** A string of a JSON text, and the colon behind it where it is the name of a member. */
const STRING = /("(?:[^"\\]|\\.)*")(\s*:)?/g
