/** One import as it stands in a source file; `specifier` is null when it is computed at run time. */
export interface Import {
  readonly specifier: string | null
  readonly line: number
}

/**
 * Every static, dynamic and type import, `export … from`, `require` and `import.meta.resolve` of a JavaScript or
 * TypeScript source. What stands in comments, strings, templates and regular expressions is not an import.
 */
export function importsOf(source: string): readonly Import[] {
  const tokens = tokensOf(source)
  const found: Import[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const specifier = importAt(tokens, at)
    if (specifier !== undefined) found.push({ specifier, line: lineOf(source, tokens[at]?.at ?? 0) })
  }
  return found
}

interface Token {
  readonly kind: 'word' | 'text' | 'mark'
  readonly value: string
  readonly at: number
}

/** The specifier of the import that begins at this token, null for a computed one, undefined for none. */
function importAt(tokens: readonly Token[], at: number): string | null | undefined {
  const token = tokens[at]
  if (token?.kind !== 'word' || tokens[at - 1]?.value === '.') return undefined
  const next = tokens[at + 1]
  if (token.value === 'require' && next?.value === '(') return textOf(tokens[at + 2])
  if (token.value === 'export') return fromClause(tokens, at + 1)
  if (token.value !== 'import' || next === undefined) return undefined
  if (next.kind === 'text') return next.value
  if (next.value === '(') return calledWith(tokens, at + 1)
  if (next.value === '.') return resolvedBy(tokens, at + 2)
  return fromClause(tokens, at + 1)
}

function calledWith(tokens: readonly Token[], open: number): string | null | undefined {
  const first = textOf(tokens[open + 1])
  const after = tokens[open + 2]?.value
  if (first !== undefined && (after === ')' || after === ',')) return first
  let depth = 0
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at]?.value === '(') depth += 1
    if (tokens[at]?.value === ')') depth -= 1
    // A method named `import` has a body or a type after its parameters
    if (depth === 0) return tokens[at + 1]?.value === '{' || tokens[at + 1]?.value === ':' ? undefined : null
  }
  return null
}

function resolvedBy(tokens: readonly Token[], at: number): string | undefined {
  if (tokens[at]?.value !== 'meta' || tokens[at + 2]?.value !== 'resolve') return undefined
  return textOf(tokens[at + 4])
}

/** The text after the clause's `from`; names inside its braces may be any word. */
function fromClause(tokens: readonly Token[], start: number): string | undefined {
  let inBraces = false
  for (let at = start; at < tokens.length; at += 1) {
    const { kind, value } = tokens[at] ?? END
    if (value === '{' || value === '}') inBraces = value === '{'
    else if (inBraces) continue
    else if (value === 'from' && tokens[at + 1]?.kind === 'text') return tokens[at + 1]?.value
    else if (kind === 'mark' && value !== ',' && value !== '*') return undefined
    else if (STATEMENT_WORDS.has(value)) return undefined
  }
  return undefined
}

function textOf(token: Token | undefined): string | undefined {
  return token?.kind === 'text' ? token.value : undefined
}

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = []
  const templates: number[] = []
  let depth = 0
  let at = 0
  while (at < source.length) {
    const char = source.charAt(at)
    const rest = source.slice(at, at + 2)
    const start = at
    if (rest === '//' || (at === 0 && rest === '#!')) at = endOf(source, '\n', at)
    else if (rest === '/*') at = endOf(source, '*/', at + 2)
    else if (char === "'" || char === '"') {
      at = endOfString(source, at)
      tokens.push({ kind: 'text', value: source.slice(start + 1, at - 1), at: start })
    } else if (char === '`' || (char === '}' && templates.at(-1) === depth)) {
      if (char === '}') templates.pop()
      at = endOfTemplatePart(source, at + 1)
      if (source.charAt(at - 1) === '{') templates.push(depth)
      const whole = char === '`' && source.charAt(at - 1) === '`'
      tokens.push({ kind: whole ? 'text' : 'mark', value: whole ? source.slice(start + 1, at - 1) : '`', at })
    } else if (char === '/' && startsRegExp(tokens.at(-1))) at = endOfRegExp(source, at + 1)
    else if (WORD.test(char)) {
      while (at < source.length && WORD.test(source.charAt(at))) at += 1
      tokens.push({ kind: 'word', value: source.slice(start, at), at: start })
    } else {
      at += 1
      if (char === '{') depth += 1
      if (char === '}') depth -= 1
      if (char.trim() !== '') tokens.push({ kind: 'mark', value: char, at: start })
    }
  }
  return tokens
}

function endOf(source: string, end: string, from: number): number {
  const at = source.indexOf(end, from)
  return at === -1 ? source.length : at + end.length
}

function endOfString(source: string, open: number): number {
  const quote = source.charAt(open)
  let at = open + 1
  while (at < source.length && source.charAt(at) !== quote && source.charAt(at) !== '\n') {
    at += source.charAt(at) === '\\' ? 2 : 1
  }
  return at + 1
}

function endOfTemplatePart(source: string, from: number): number {
  let at = from
  while (at < source.length && source.charAt(at) !== '`' && source.slice(at, at + 2) !== '${') {
    at += source.charAt(at) === '\\' ? 2 : 1
  }
  return source.charAt(at) === '`' ? at + 1 : at + 2
}

function startsRegExp(before: Token | undefined): boolean {
  if (before === undefined) return true
  if (before.kind === 'text') return false
  if (before.kind === 'word') return WORDS_BEFORE_REGEXP.has(before.value)
  return ![')', ']', '}', '`'].includes(before.value)
}

function endOfRegExp(source: string, from: number): number {
  let inClass = false
  for (let at = from; at < source.length; at += 1) {
    const char = source.charAt(at)
    if (char === '\\') at += 1
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '\n' || (char === '/' && !inClass)) return at + 1
  }
  return source.length
}

function lineOf(source: string, at: number): number {
  return source.slice(0, at).split('\n').length
}

const WORD = /[\p{ID_Continue}$#@]/u
const END: Token = { kind: 'mark', value: ';', at: 0 }
const STATEMENT_WORDS = new Set([
  'import',
  'export',
  'const',
  'let',
  'function',
  'class',
  'interface',
  'async',
  'default',
])
const WORDS_BEFORE_REGEXP = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'await',
  'yield',
  'void',
  'delete',
  'else',
  'do',
  'throw',
  'new',
])
