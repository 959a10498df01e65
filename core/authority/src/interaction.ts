import type { Keyring } from '@jotwarden/keyring'
import { open, type Random, seal, sealedKid, TokenError } from '@jotwarden/token'
import type { AuthorizationRequest } from './authorization-request.ts'
import { AuthorityError } from './errors.ts'
import { hasSha256 } from './sha256.ts'

/** A sign-in under way. It travels sealed through the person's browser; nothing is stored until it leads somewhere. */
export interface Interaction {
  /** Null when it leads to the authority's own page, whose address no interaction holds. */
  readonly request: AuthorizationRequest | null
  /** SHA-256 of the cookie of the browser it was begun in. */
  readonly browser: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
  /** The login that was made, or looked at, in this interaction. */
  readonly login: string | null
  /** The head of the revocation log as it was read before the sign-in page was made. */
  readonly rev: number
  /** Whether the person proved themselves in this interaction, so that `prompt=login` is satisfied. */
  readonly signedIn: boolean
}

/** Seals interactions and opens those that come back from the same browser in time. */
export interface Interactions {
  seal(interaction: Interaction): string
  /** Throws `authority/interaction` for anything forged, expired, or begun in another browser; always the same. */
  open(text: string, binding: string | undefined, now: number): Interaction
}

export function createInteractions(issuer: string, keyring: Keyring, random: Random): Interactions {
  const context = `jotwarden/interaction|${issuer}`
  return {
    seal: (interaction) =>
      seal(Buffer.from(JSON.stringify(interaction), 'utf8'), context, keyring.sealKey(), random.bytes(12)),
    open(text, binding, now) {
      const interaction = unsealed(text, context, keyring)
      if (binding === undefined || !hasSha256(binding, interaction.browser)) throw refused()
      if (now >= interaction.expiresAt) throw refused()
      return interaction
    },
  }
}

function unsealed(text: string, context: string, keyring: Keyring): Interaction {
  try {
    const key = keyring.sealKeyFor(sealedKid(text))
    if (key === undefined) throw refused()
    const interaction = JSON.parse(Buffer.from(open(text, context, key)).toString('utf8'))
    // A version before may have sealed it, without the languages.
    const request = interaction.request === null ? null : { uiLocales: [], ...interaction.request }
    return { ...interaction, request }
  } catch (cause) {
    if (cause instanceof TokenError) throw refused()
    throw cause
  }
}

function refused(): AuthorityError {
  return new AuthorityError(
    'authority/interaction',
    'Cannot go on with this sign-in: it has expired or was begun elsewhere',
  )
}
