import type { JsonObject, JsonValue } from '@jotwarden/token'
import { isScope } from './scopes.ts'

/** Says whether a value has the type that its standard gives a claim. A wrong type is never taken for an absence. */
export type Shape = (value: JsonValue | undefined) => boolean

/** A text that is not empty: StringOrURI of RFC 7519 §2, and whatever else is compared code point by code point. */
export const isText: Shape = (value) => typeof value === 'string' && value !== ''

export const isTexts: Shape = (value) => Array.isArray(value) && value.every(isText)

export const isScopeText: Shape = (value) => typeof value === 'string' && isScope(value)

/** Seconds since the epoch; RFC 7519 §2 allows fractions. Above 2^53 a double no longer counts seconds. */
export const isNumericDate: Shape = (value) =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER

export const isCount: Shape = (value) => Number.isSafeInteger(value) && Number(value) >= 0

/** One text, or an array of at least one (RFC 7519 §4.1.3). */
export const isAudience: Shape = (value) =>
  isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText))

/** SHA-256 in base64url. */
export const isThumbprint: Shape = (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value)

export const isFilledObject: Shape = (value) => isObject(value) && Object.keys(value).length > 0

/** Event identifiers, each with an object (RFC 8417 §2.2). */
export const isEvents: Shape = (value) => isFilledObject(value) && Object.values(value ?? {}).every(isObject)

/** Objects that each name their `type` (RFC 9396 §2). */
export const isTypedObjects: Shape = (value) =>
  Array.isArray(value) && value.every((one) => isObject(one) && isText(one.type))

/** The members that we know, if there are any, are thumbprints (RFC 9449 §6.1, RFC 8705 §3.1). */
export const isConfirmation: Shape = (value) =>
  isObject(value) && confirmations.every((name) => !Object.hasOwn(value, name) || isThumbprint(value[name]))

export const isAnything: Shape = () => true

/** The members of `cnf` that say which key has to be proved. */
export const confirmations = ['jkt', 'x5t#S256'] as const

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
