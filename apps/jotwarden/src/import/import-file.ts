import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type JsonObject, parseJsonObject, TokenError } from '@jotwarden/token'
import type { Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'

/**
 * The JSON object of a file, or of standard input for `-`. Warns of a file with secrets that others may read.
 * Throws `Refusal`.
 */
export async function readImportFile(
  terminal: Terminal,
  file: string,
  { hasSecrets = true }: { readonly hasSecrets?: boolean } = {},
): Promise<JsonObject> {
  const bytes = file === '-' ? await readAll(terminal) : readFile(terminal, file, hasSecrets)
  if (bytes.length > LONGEST) throw refused(`it is longer than ${LONGEST} bytes`)
  try {
    return parseJsonObject(bytes, { maxDepth: 16, maxMembers: 65_536 })
  } catch (error) {
    if (!(error instanceof TokenError)) throw error
    throw refused(error.message.replace(/^Cannot read the JSON: /, ''))
  }
}

async function readAll(terminal: Terminal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of terminal.stdin) {
    chunks.push(Buffer.from(chunk))
    length += chunk.length
    if (length > LONGEST) break
  }
  return Buffer.concat(chunks)
}

function readFile(terminal: Terminal, file: string, hasSecrets: boolean): Buffer {
  const path = resolve(terminal.folder, file)
  try {
    const handle = openSync(path, 'r')
    try {
      const { mode, size } = fstatSync(handle)
      if (hasSecrets && process.platform !== 'win32' && (mode & READABLE) !== 0)
        terminal.stderr.write(
          `warning: ${path} can be read by others: run chmod 600, and remove it afterwards\n`,
        )
      return size > LONGEST ? Buffer.alloc(LONGEST + 1) : readFileSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw refused(`${path} cannot be read (${code})`)
  }
}

function refused(state: string): Refusal {
  return new Refusal('refused', `Cannot read the file to import: ${state}`)
}

/** Bytes. */
const LONGEST = 4 * 1024 * 1024
const READABLE = 0o077
