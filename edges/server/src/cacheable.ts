import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'

/** A public document with its entity tag. */
export interface CacheableDocument {
  readonly body: string
  readonly etag: string
}

export function cacheableDocument(value: unknown): CacheableDocument {
  const body = JSON.stringify(value)
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
}

/** The document, or 304 when the caller has it already (RFC 9110 §13.1.2). Fresh for `maxAge` seconds. */
export function cacheableAnswer(request: Request, document: CacheableDocument, maxAge: number): Answer {
  const headers = { 'cache-control': `public, max-age=${maxAge}`, etag: document.etag }
  if (matches(request.headers.get('if-none-match'), document.etag))
    return { status: 304, body: null, headers }
  return {
    status: 200,
    body: document.body,
    headers: { ...headers, 'content-type': 'application/json' },
  }
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}
