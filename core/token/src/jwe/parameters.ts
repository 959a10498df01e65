import { decodeBase64url } from '../base64url.ts'
import { TokenError } from '../errors.ts'
import { isObject, type JsonValue } from '../json.ts'
import { type JweAlgorithmEntry, managementParameters } from './algorithms.ts'
import { type AgreementCurve, agreementCurve } from './curves.ts'
import type { UnverifiedJweHeader } from './header.ts'
import { LOWEST_COUNT } from './import-password.ts'
import type { KeyMaterial } from './keys.ts'

/**
 * Checks the parameters of the key management algorithm before any key is used (RFC 7518 §4.6.1, §4.7.1, §4.8.1).
 * Throws `jwe/parameter`, also for a parameter of an algorithm that is not this one.
 */
export function checkParameters(header: UnverifiedJweHeader, entry: JweAlgorithmEntry): void {
  for (const name of managementParameters) {
    if (Object.hasOwn(header, name) && !entry.parameters.includes(name))
      throw refusal(`${name} has no place beside its algorithm`)
  }
  if (entry.management === 'gcm-wrapped') {
    if (bytesOf(header, 'iv').length !== 12) throw refusal('its iv has not 12 bytes')
    // A short tag would be a tag that can be guessed
    if (bytesOf(header, 'tag').length !== 16) throw refusal('its tag has not 16 bytes')
  }
  if (entry.parameters.includes('epk')) {
    curveOfEphemeralKey(header)
    checkPartyInfo(header)
  }
  if (entry.management === 'password' && bytesOf(header, 'p2s').length < SHORTEST_SALT)
    throw refusal(`its p2s has fewer than ${SHORTEST_SALT} bytes`)
}

/** Whether the parameters suit this key: the curve is its own, the count is not above what it allows. */
export function suits(header: UnverifiedJweHeader, { curve, maxCount }: KeyMaterial): boolean {
  if (curve !== null) return curveOfEphemeralKey(header) === curve
  if (maxCount === null) return true
  const { p2c } = header
  return Number.isSafeInteger(p2c) && Number(p2c) >= LOWEST_COUNT && Number(p2c) <= maxCount
}

/** RFC 7518 §4.6.1.1: a public key, and nothing of a private one; the sender chose it, so its point is checked. */
function curveOfEphemeralKey(header: UnverifiedJweHeader): AgreementCurve {
  const epk = header.epk
  if (!isObject(epk)) throw refusal('its epk is not an object')
  if (PRIVATE.some((name) => Object.hasOwn(epk, name))) throw refusal('its epk is not a public key')
  const curve = typeof epk.crv === 'string' ? agreementCurve(epk.crv) : undefined
  if (curve === undefined || curve.kty !== epk.kty) throw refusal('its epk is of no curve that is supported')
  const x = bytesOf(epk, 'x')
  const y = Object.hasOwn(epk, 'y') ? bytesOf(epk, 'y') : undefined
  if (x.length !== curve.coordinateLength || (y !== undefined && y.length !== curve.coordinateLength))
    throw refusal('a coordinate of its epk has the wrong length')
  if (!curve.holds(x, y)) throw refusal('its epk is no point of its curve')
  return curve
}

/** RFC 7518 §4.6.2: the two "MUST be distinct, when used", so that neither side can pass for the other. */
export function checkPartyInfo(header: Members): void {
  for (const name of ['apu', 'apv']) {
    if (Object.hasOwn(header, name) && bytesOf(header, name).length > LONGEST_PARTY_INFO)
      throw refusal(`its ${name} is over ${LONGEST_PARTY_INFO} bytes`)
  }
  // One spelling of each value is accepted, so that equal texts are all the equal bytes there are
  if (header.apu !== undefined && header.apu === header.apv) throw refusal('its apu and apv are the same')
}

function bytesOf(parent: Members, name: string): Uint8Array {
  const value = Object.hasOwn(parent, name) ? parent[name] : undefined
  if (typeof value !== 'string') throw refusal(`its ${name} is no text`)
  try {
    return decodeBase64url(value)
  } catch {
    throw refusal(`its ${name} is not base64url`)
  }
}

function refusal(state: string): TokenError {
  return new TokenError('jwe/parameter', `Cannot accept the token's parameters: ${state}`)
}

/** A header, or the part of one. */
interface Members {
  readonly [name: string]: JsonValue | undefined
}

const SHORTEST_SALT = 8
const LONGEST_PARTY_INFO = 256
/** RFC 7518 §6.2.2, §6.3.2, §6.4.1 and the `priv` of RFC 9964. */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']
