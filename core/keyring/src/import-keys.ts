import { importVerifyKey, type PublicJwk, parsePublicJwk, TokenError } from '@jotwarden/token'
import { KeyringError } from './errors.ts'
import type { KeyEvent } from './key-event.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyRecords } from './key-records.ts'
import { keyPurposes } from './purposes.ts'
import { mayProcess } from './states.ts'

/** Public keys of an issuer that was here before. */
export interface ImportKeysRequest {
  readonly issuer: string
  /** The members of its key set (RFC 7517 §5), as they came. */
  readonly keys: readonly unknown[]
  /** When the last token that they signed ends (seconds since the epoch); they are published until then. */
  readonly until: number
  readonly now: number
  /** Finds what there is to find, and changes nothing. */
  readonly dryRun: boolean
}

/** What came of it: nothing is imported when anything is wrong. */
export interface ImportedKeys {
  readonly imported: readonly string[]
  readonly findings: readonly KeyFinding[]
}

/** What is wrong with one of the keys. */
export interface KeyFinding {
  /** Of the key in the list. */
  readonly index: number
  readonly problem: string
}

/**
 * Takes the keys for verifying alone, under the ids that they have: what they signed stays good, in the published key set,
 * until `until`, and nothing is ever signed by them. All or none. Throws `keyring/conflict` when the records never stand still.
 */
export async function importKeys(records: KeyRecords, request: ImportKeysRequest): Promise<ImportedKeys> {
  const { issuer, keys, now, dryRun } = request
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const seen = await records.list(issuer)
    const read = readKeys(keys, seen)
    const imported = read.keys.map(({ kid }) => kid)
    if (read.findings.length > 0) return { imported: [], findings: read.findings }
    if (dryRun) return { imported, findings: [] }
    const added = read.keys.map((key) => recordOf(key, request))
    const events = imported.map((kid): KeyEvent => ({ type: 'key-created', kid, ...ABOUT, at: now }))
    if ((await records.add(issuer, added, events, seen)) === 'added') return { imported, findings: [] }
  }
  throw new KeyringError('keyring/conflict', 'Cannot import the keys: the store keeps refusing it')
}

/** Whether the key never signed here: it was imported, and has the id that its own issuer gave it. */
export function isImported({ activatedAt, announcedAt, state, wrapped }: KeyRecord): boolean {
  return activatedAt === null && announcedAt === null && state !== 'pending' && wrapped === null
}

type ForeignKey = PublicJwk & { readonly kid: string; readonly alg: string }

function readKeys(
  values: readonly unknown[],
  seen: readonly KeyRecord[],
): { readonly keys: readonly ForeignKey[]; readonly findings: readonly KeyFinding[] } {
  const keys: ForeignKey[] = []
  const findings: KeyFinding[] = []
  const taken = new Set(seen.map(({ kid }) => kid))
  const room = Math.min(MOST_KEYS, Math.max(0, MOST_PUBLISHED - seen.filter(isPublic).length))
  if (values.length > room) findings.push({ index: room, problem: tooMany(room) })
  for (const [index, value] of values.slice(0, room).entries()) {
    const read = readKey(value)
    if (typeof read === 'string') findings.push({ index, problem: read })
    else if (taken.has(read.kid)) findings.push({ index, problem: 'has the kid of a key that is here' })
    else if (keys.some(({ kid }) => kid === read.kid))
      findings.push({ index, problem: 'has the kid of another one' })
    else keys.push(read)
  }
  return { keys, findings }
}

function tooMany(room: number): string {
  if (room === MOST_KEYS) return `is one more than ${MOST_KEYS}`
  return `is one more than there is room for: ${MOST_PUBLISHED} keys are published at most`
}

function isPublic({ purpose, state }: KeyRecord): boolean {
  return keyPurposes[purpose]?.published === true && mayProcess(state)
}

/** The key, or what is wrong with it. */
function readKey(value: unknown): ForeignKey | string {
  try {
    const jwk = parsePublicJwk(value)
    const { kid } = jwk
    if (kid === undefined || !/^[\x21-\x7e]{1,128}$/.test(kid))
      return 'has no kid of 1 to 128 printable ASCII characters without spaces'
    const { alg } = importVerifyKey(jwk)
    if (!keyPurposes['token-signing'].algs.includes(alg)) return `is of ${alg}, which is not accepted here`
    return { ...jwk, kid, alg }
  } catch (error) {
    if (!(error instanceof TokenError)) throw error
    return error.code === 'key/private-in-public-set'
      ? 'has a private part, which must not lie in a file; take the published key set'
      : `is refused: ${error.message}`
  }
}

function recordOf(publicJwk: ForeignKey, { issuer, until, now }: ImportKeysRequest): KeyRecord {
  return {
    issuer,
    kid: publicJwk.kid,
    purpose: 'token-signing',
    alg: publicJwk.alg,
    state: 'retiring',
    publicJwk,
    wrapped: null,
    createdAt: Math.floor(now),
    announcedAt: null,
    activatedAt: null,
    retiringAt: Math.floor(now),
    removableAt: Math.ceil(until),
    retiredAt: null,
    compromisedAt: null,
    version: 1,
    uses: 0,
  }
}

const ABOUT = { purpose: 'token-signing', cause: 'imported' } as const
/** Half of what a key set may have: our own have to find room at any moment, or nothing could be read any more. */
const MOST_PUBLISHED = 50
const MOST_KEYS = 20
const ATTEMPTS = 5
