/** Facts about JSON texts, found in another way than our parser finds them: by tokens, and by walking what was parsed. */

/** Whether an object somewhere has a name twice, whichever way it is spelled. */
export function repeatsMember(text: string): boolean {
  const open: Set<string>[] = []
  const tokens = tokensOf(text)
  for (const [at, token] of tokens.entries()) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (token.startsWith('"') && tokens[at + 1] === ':') {
      const name = nameOf(token)
      const names = open.at(-1)
      if (names?.has(name)) return true
      names?.add(name)
    }
  }
  return false
}

/** Whether the bytes are no UTF-8, or begin with a mark of their order. */
export function isNotPlainUtf8(bytes: Buffer): boolean {
  const text = bytes.toString()
  return text.startsWith('\ufeff') || !Buffer.from(text).equals(bytes)
}

/** Whether something in it is read in one way here and in another elsewhere (RFC 7493 §2.1, §2.2). */
export function holdsAmbiguity(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  if (typeof value === 'string') return !value.isWellFormed()
  if (typeof value !== 'object' || value === null) return false
  return Object.keys(value).some(
    (name) =>
      name === '__proto__' ||
      !name.isWellFormed() ||
      holdsAmbiguity(Object.getOwnPropertyDescriptor(value, name)?.value),
  )
}

/** Objects and arrays inside one another. */
export function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

/** Members of all objects together, as they are written: a repeated one counts again. */
export function writtenMembers(text: string): number {
  const tokens = tokensOf(text)
  return tokens.filter((token, at) => token.startsWith('"') && tokens[at + 1] === ':').length
}

function tokensOf(text: string): readonly string[] {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g)].map(([token]) => token)
}

function nameOf(token: string): string {
  try {
    return String(JSON.parse(token))
  } catch {
    return token
  }
}
