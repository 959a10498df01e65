import { AuthorityError } from './errors.ts'
import type { SessionPlace } from './session-store.ts'

/** Where a page of a person's sign-ins left off. It travels in an address, and holds nothing that is not on the page. */
export type Place = SessionPlace

export function placeText({ authTime, login, createdAt, id }: Place): string {
  return Buffer.from(JSON.stringify([authTime, login, createdAt, id]), 'utf8').toString('base64url')
}

/** Null for none. Throws `oauth/invalid_request` for what `placeText` did not give. */
export function readPlace(text: string | undefined): Place | null {
  if (text === undefined) return null
  const parts = text.length <= LONGEST ? parsed(text) : undefined
  if (Array.isArray(parts) && parts.length === 4) {
    const [authTime, login, createdAt, id]: readonly unknown[] = parts
    const isPlace = typeof login === 'string' && typeof id === 'string'
    if (isPlace && Number.isFinite(authTime) && Number.isFinite(createdAt))
      return { authTime: Number(authTime), login, createdAt: Number(createdAt), id }
  }
  throw new AuthorityError('oauth/invalid_request', 'Cannot show the page: it begins at no place of ours')
}

/** Whether the first stands after the second, newest first. */
export function olderThan(one: Place, other: Place): boolean {
  if (one.authTime !== other.authTime) return one.authTime < other.authTime
  if (one.login !== other.login) return one.login < other.login
  if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt
  return one.id < other.id
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

const LONGEST = 512
