import { createReadStream, statSync } from 'node:fs'
import { Refusal } from '../refusal.ts'

/** A line of the file; `text` is undefined when it is too long or not UTF-8. */
export interface FileLine {
  readonly number: number
  readonly text: string | undefined
}

/** The lines that hold something, one at a time, however large the file. Throws `Refusal`. */
export async function* fileLines(path: string, onRead: (share: number) => void): AsyncGenerator<FileLine> {
  const size = sizeOf(path)
  const held = { bytes: Buffer.alloc(0), long: false, number: 0, read: 0 }
  try {
    for await (const chunk of createReadStream(path)) {
      held.read += chunk.length
      onRead(held.read / Math.max(1, size))
      yield* wholeLines(held, chunk)
    }
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) throw unreadable(path, cause)
    throw cause
  }
  yield* asLine(held, Buffer.alloc(0))
}

interface Held {
  bytes: Buffer
  /** The line is longer than a line may be, and its bytes were let go. */
  long: boolean
  number: number
  read: number
}

function* wholeLines(held: Held, chunk: Buffer): Generator<FileLine> {
  let from = 0
  for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
    yield* asLine(held, chunk.subarray(from, end))
    from = end + 1
  }
  const rest = chunk.subarray(from)
  if (held.bytes.length + rest.length > LONGEST_LINE) held.long = true
  held.bytes = held.long ? Buffer.alloc(0) : Buffer.concat([held.bytes, rest])
}

function* asLine(held: Held, end: Buffer): Generator<FileLine> {
  const long = held.long || held.bytes.length + end.length > LONGEST_LINE
  const text = long ? undefined : decoded(Buffer.concat([held.bytes, end]))
  held.bytes = Buffer.alloc(0)
  held.long = false
  held.number += 1
  if (text === undefined || text.trim() !== '') yield { number: held.number, text }
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

function sizeOf(path: string): number {
  try {
    const found = statSync(path)
    if (found.isFile()) return found.size
  } catch (cause) {
    throw unreadable(path, cause)
  }
  throw new Refusal('misuse', `Cannot import ${path}: it is no file, and it is read twice`, {
    remedy: 'Write the lines into a file first',
  })
}

function unreadable(path: string, cause: unknown): Refusal {
  const code = cause instanceof Error && 'code' in cause ? cause.code : 'unknown'
  return new Refusal('refused', `Cannot read ${path}: ${code}`, { cause })
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const LINE_FEED = 0x0a
const LONGEST_LINE = 64 * 1024
