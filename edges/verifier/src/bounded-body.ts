/**
 * Reads a body of at most so many bytes, and answers `undefined` for a longer one. Counted as it arrives, and after
 * decompression: Content-Length may be absent or untrue.
 */
export async function boundedBody(response: Response, longest: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    // Leaving the loop cancels the stream
    if (size > longest) return undefined
    chunks.push(chunk)
  }
  return joined(chunks, size)
}

/** The pieces one after another; `size` is the sum of their lengths. */
export function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.byteLength
  }
  return bytes
}
