import { type OAuthForm, parseOAuthForm } from '@jotwarden/authority'
import { ServerError } from './errors.ts'

/** A form as it was sent, and as it was read. */
export interface FormBody {
  readonly text: string
  readonly form: OAuthForm
}

/**
 * Reads a form of at most 64 KiB.
 *
 * Throws `server/content-type` unless the body is `application/x-www-form-urlencoded` in UTF-8 without a content coding,
 * `server/body-too-large`, `server/body-unreadable`, and what `parseOAuthForm` throws.
 */
export async function readForm(request: Request): Promise<FormBody> {
  checkContentType(request.headers)
  const bytes = await readBody(request)
  const text = decodeText(bytes)
  return { text, form: parseOAuthForm(text) }
}

function checkContentType(headers: Headers): void {
  const [type, ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';')
  const isForm = type?.trim() === 'application/x-www-form-urlencoded'
  const isUtf8 = parameters.every((parameter) => UTF8.test(parameter))
  if (!isForm || !isUtf8) {
    throw new ServerError(
      'server/content-type',
      'Cannot read the form: its content type is not application/x-www-form-urlencoded in UTF-8',
    )
  }
  if ((headers.get('content-encoding') ?? 'identity').toLowerCase() !== 'identity') {
    throw new ServerError('server/content-type', 'Cannot read the form: it has a content coding')
  }
}

/** A declared length is believed only so far as to refuse early and to take the fast way; what comes is counted. */
async function readBody(request: Request): Promise<Uint8Array> {
  const declared = request.headers.get('content-length')
  if (declared !== null && !(DIGITS.test(declared) && Number(declared) <= LARGEST)) throw tooLarge()
  try {
    const bytes =
      declared === null ? await readStream(request.body) : new Uint8Array(await request.arrayBuffer())
    if (bytes.length > LARGEST) throw tooLarge()
    return bytes
  } catch (cause) {
    if (cause instanceof ServerError) throw cause
    throw new ServerError('server/body-unreadable', 'Cannot read the form: its body broke off', { cause })
  }
}

async function readStream(stream: Request['body']): Promise<Uint8Array> {
  if (stream === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > LARGEST) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}

function decodeText(bytes: Uint8Array): string {
  try {
    return UTF8_DECODER.decode(bytes)
  } catch (cause) {
    throw new ServerError('server/content-type', 'Cannot read the form: its bytes are not UTF-8', { cause })
  }
}

function tooLarge(): ServerError {
  return new ServerError('server/body-too-large', `Cannot read the form: it is larger than ${LARGEST} bytes`)
}

/** Bytes. */
const LARGEST = 65_536
const DIGITS = /^\d+$/
const UTF8 = /^\s*(?:charset\s*=\s*"?utf-8"?\s*)?$/
const UTF8_DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
