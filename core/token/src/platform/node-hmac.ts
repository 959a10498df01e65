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
  let message: DirectBuffer | undefined
  return (text, end) => {
    const length = blockLength + end
    if (message === undefined || message.length < length) message = beginningWith(inner, length)
    message.latin1Write(text, blockLength, end)
    // A plain view costs half of what a `Buffer` costs
    const digest = hash(algorithm, new Uint8Array(message.buffer, 0, length), 'latin1')
    outer.latin1Write(digest, blockLength, digestLength)
    return hash(algorithm, outer, 'base64url')
  }
}

/** Nothing waits while it is used, so that one for each key is enough; it grows with the tokens. */
function beginningWith(bytes: Uint8Array, length: number): DirectBuffer {
  const buffer = directBuffer(2 ** Math.ceil(Math.log2(length)))
  buffer.set(bytes)
  return buffer
}

function padded(key: Uint8Array, blockLength: number, pad: number): Buffer {
  const block = Buffer.alloc(blockLength, pad)
  key.forEach((byte, at) => {
    block[at] = byte ^ pad
  })
  return block
}
