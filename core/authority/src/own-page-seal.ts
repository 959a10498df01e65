import type { Keyring } from '@jotwarden/keyring'
import { open, type Random, seal, sealedKid, TokenError } from '@jotwarden/token'
import type { OwnAct } from './own-sessions.ts'

/** What goes out with a person's own page and comes back: worth something only with the login it was made for. */
export interface OwnPageSeal {
  /** Goes into every form of the page, where no other site can read it. */
  proof(login: string): string
  isProof(text: string | undefined, login: string): boolean
  /** Travels in the address after an act, so that nobody else can make the page say that something was done. */
  notice(login: string, act: OwnAct, now: number): string
  /** The act that a notice of the last minutes tells of. */
  readNotice(text: string | undefined, login: string, now: number): OwnAct | undefined
}

export function createOwnPageSeal(issuer: string, keyring: Keyring, random: Random): OwnPageSeal {
  const context = (of: string): string => `jotwarden/own-page-${of}|${issuer}`
  const sealed = (of: string, value: unknown): string =>
    seal(Buffer.from(JSON.stringify(value), 'utf8'), context(of), keyring.sealKey(), random.bytes(12))
  function opened<Value>(of: string, text: string | undefined): Value | undefined {
    if (text === undefined) return undefined
    try {
      const key = keyring.sealKeyFor(sealedKid(text))
      if (key === undefined) return undefined
      return JSON.parse(Buffer.from(open(text, context(of), key)).toString('utf8'))
    } catch (cause) {
      if (cause instanceof TokenError) return undefined
      throw cause
    }
  }
  return {
    proof: (login) => sealed('proof', { login }),
    isProof: (text, login) => opened<Proof>('proof', text)?.login === login,
    notice: (login, act, now) => sealed('notice', { login, act, at: now }),
    readNotice(text, login, now) {
      const notice = opened<Notice>('notice', text)
      const isTheirs = notice?.login === login && Math.abs(now - notice.at) <= NOTICE_LIFETIME
      return isTheirs ? notice.act : undefined
    },
  }
}

interface Proof {
  readonly login: string
}

interface Notice {
  readonly login: string
  readonly act: OwnAct
  readonly at: number
}

/** Seconds. */
const NOTICE_LIFETIME = 300
