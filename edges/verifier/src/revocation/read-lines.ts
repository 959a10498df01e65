import { joined } from '../bounded-body.ts'
import { FeedFailure } from './feed-failure.ts'

/**
 * The lines of a body as bytes, without their line feeds. What follows the last line feed is no line: it was cut off.
 * Throws a {@link FeedFailure} at a line longer than 1 MiB.
 */
export async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let pieces: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      pieces.push(chunk.subarray(start, end))
      size += end - start
      if (size > longestLine) throw new FeedFailure('malformed')
      yield joined(pieces, size)
      pieces = []
      size = 0
      start = end + 1
    }
    pieces.push(chunk.subarray(start))
    size += chunk.byteLength - start
    if (size > longestLine) throw new FeedFailure('malformed')
  }
}

const lineFeed = 0x0a
const longestLine = 4 * 1024 * 1024
