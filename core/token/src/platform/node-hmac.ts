import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import { type DirectBuffer, directBuffer } from './node-scratch.ts'

/**
 * HMAC (RFC 2104 §2) of the beginning of an ASCII text, in base64url: two one-shot digests of OpenSSL that answer with
 * texts. An `Hmac` object costs twice as much, most of it for the buffers that come and go.
 */
export function textMacOf(
  algorithm: string,
  blockLength: number,
  key: Uint8Array,
): (text: string, end: number) => string {
  const short = key.length > blockLength ? hash(algorithm, key, 'buffer') : key
  const inner = padded(short, blockLength, 0x36)
  const digestLength = hash(algorithm, '', 'buffer').length
  const outer = directBuffer(blockLength + digestLength)
  outer.set(padded(short, blockLength, 0x5c))
  return (text, end) => {
    const message = room(blockLength + end)
    message.set(inner)
    message.latin1Write(text, blockLength, end)
    // A plain view costs half of what a `Buffer` costs
    const digest = hash(algorithm, new Uint8Array(message.buffer, 0, blockLength + end), 'latin1')
    outer.latin1Write(digest, blockLength, digestLength)
    return hash(algorithm, outer, 'base64url')
  }
}

function padded(key: Uint8Array, blockLength: number, pad: number): Buffer {
  const block = Buffer.alloc(blockLength, pad)
  key.forEach((byte, at) => {
    block[at] = byte ^ pad
  })
  return block
}

function room(length: number): DirectBuffer {
  return length > shared.length ? directBuffer(length) : shared
}

/** Nothing waits while it is used, so that one is enough. */
const shared = directBuffer(0x5000)
