import { Buffer } from 'node:buffer'

/**
 * The methods that `write` and `toString` end in, without looking for the encoding's name and without checking bounds:
 * half the cost. Node, Deno and Bun have them.
 */
export interface DirectBuffer extends Buffer {
  utf8Write(text: string, offset: number, length: number): number
  latin1Write(text: string, offset: number, length: number): number
  base64urlWrite(text: string, offset: number, length: number): number
  base64urlSlice(start: number, end: number): string
  utf8Slice(start: number, end: number): string
}

export function directBuffer(length: number): DirectBuffer {
  return Buffer.allocUnsafeSlow(length) as DirectBuffer
}

/** For what needs bytes for a moment: nothing waits while it is used, and nobody else sees it. Holds no secret. */
export const scratch: DirectBuffer = directBuffer(0x4800)

/**
 * Whether a text is the canonical base64url of these bytes of `scratch`. Decoders skip what they do not know and take
 * several texts for the same; encoding gives back the one that is meant.
 */
export function isEncodingOf(text: string, start: number, length: number): boolean {
  return scratch.base64urlSlice(start, start + length) === text
}

/** A plain view costs half of what a `Buffer` costs. */
export function scratchBytes(start: number, length: number): Uint8Array {
  return new Uint8Array(scratch.buffer, start, length)
}
