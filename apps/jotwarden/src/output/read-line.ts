import { Refusal } from '../refusal.ts'
import type { Terminal } from './terminal.ts'

/** The one line that standard input must be, without its end. Throws `Refusal`, which never repeats any of it. */
export async function readOnlyLine(
  terminal: Terminal,
  { what, longest }: { readonly what: string; readonly longest: number },
): Promise<string> {
  const refused = (state: string) => new Refusal('refused', `Cannot take the ${what}: ${state}`)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of terminal.stdin) {
    const bytes = Buffer.from(chunk)
    chunks.push(bytes)
    length += bytes.length
    if (length > longest) throw refused(`it is longer than ${longest} bytes`)
  }
  const text = decoded(Buffer.concat(chunks))?.replace(/\r?\n$/, '')
  if (text === undefined) throw refused('standard input is not UTF-8')
  if (text === '') throw refused('standard input is empty')
  if (/[\r\n]/.test(text)) throw refused('standard input has more than one line')
  return text
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
