import { type Mark, type MarkedToken, type MarkKind, markKinds } from '@jotwarden/policy'

/**
 * Marks as a Map, and what may be answered. A mark that has expired may be gone or still be there, unless all were
 * examined; so may the number of one that expired before it was added again.
 */
export class MarkModel {
  readonly #marks = new Map<string, Mark & { readonly highest: number }>()

  add(mark: Mark, now: number): void {
    const key = `${mark.kind} ${mark.id}`
    const known = this.#marks.get(key)
    const sure = known !== undefined && known.expiresAt > now ? known.number : 0
    this.#marks.set(key, {
      ...mark,
      number: Math.max(mark.number, sure),
      highest: Math.max(mark.number, known?.highest ?? 0),
      expiresAt: Math.max(mark.expiresAt, known?.expiresAt ?? 0),
    })
  }

  forget(now: number): void {
    for (const [key, mark] of this.#marks) if (mark.expiresAt <= now) this.#marks.delete(key)
  }

  inForce(now: number): readonly Mark[] {
    return [...this.#marks.values()].filter((mark) => mark.expiresAt > now)
  }

  possible(token: MarkedToken, now: number): readonly (MarkKind | null)[] {
    const answers: MarkKind[] = []
    const rev = token.rev ?? 0
    for (const kind of ORDER) {
      const mark = this.#marks.get(`${kind} ${idIn(token, kind)}`)
      if (mark === undefined || (markKinds[kind].ordered && rev >= mark.highest)) continue
      answers.push(kind)
      if (mark.expiresAt > now && !(markKinds[kind].ordered && rev >= mark.number)) return answers
    }
    return [...answers, null]
  }
}

export function mark(kind: MarkKind, id: string, more: Partial<Mark> = {}): Mark {
  return { kind, id, number: 1, expiresAt: 1000, ...more }
}

/** A token of ids with index 0, but for those given. */
export function token(ids: Partial<Record<MarkKind, string>> = {}): MarkedToken {
  const id = (kind: MarkKind): string => ids[kind] ?? idOf(kind, 'compact', 0)
  return {
    iss: id('issuer'),
    kid: id('key'),
    client_id: id('client'),
    sub: id('subject'),
    login: id('login'),
    sid: id('session'),
    jti: id('token'),
  }
}

function idIn(token: MarkedToken, kind: MarkKind): string | undefined {
  const { iss, kid, client_id, sub, login, sid, jti } = token
  return { issuer: iss, key: kid, client: client_id, subject: sub, login, session: sid, token: jti }[kind]
}

/** The id of a number, in the form that the authority gives to ids of the kind, or as text of its own. */
export function idOf(kind: MarkKind, form: 'compact' | 'named', index: number): string {
  if (form === 'named') return `${kind}:${index}`
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(index % 13, index + 1)
  return prefixOf(kind) + textOf(bytes)
}

export function prefixOf(kind: MarkKind): string {
  return kind === 'subject' ? 'usr_' : ''
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

export const KINDS = Object.keys(markKinds) as MarkKind[]

/** In which order a token is looked up. */
export const ORDER = ['issuer', 'key', 'client', 'subject', 'login', 'session', 'token'] as const
