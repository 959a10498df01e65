import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'

/**
 * HMAC (RFC 2104 §2) of an ASCII text, in base64url: two one-shot digests of OpenSSL that answer with texts. An `Hmac`
 * object costs twice as much, most of it for the buffers that come and go.
 */
export function textMacOf(algorithm: string, blockLength: number, key: Uint8Array): (text: string) => string {
  const short = key.length > blockLength ? hash(algorithm, key, 'buffer') : key
  const inner = padded(short, blockLength, 0x36)
  const outer = Buffer.concat([padded(short, blockLength, 0x5c), hash(algorithm, '', 'buffer')])
  return (text) => {
    const message = room(blockLength + text.length)
    message.set(inner)
    const end = blockLength + message.write(text, blockLength, 'latin1')
    const digest = hash(algorithm, message.subarray(0, end), 'latin1')
    outer.write(digest, blockLength, 'latin1')
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

function room(length: number): Buffer {
  return length > shared.length ? Buffer.alloc(length) : shared
}

/** Nothing waits while it is used, so that one is enough. */
const shared = Buffer.allocUnsafeSlow(0x5000)
