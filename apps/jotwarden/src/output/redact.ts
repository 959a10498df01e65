/**
 * Replaces members that could hold a credential, wherever they stand. What writes into the log gives none; this stands
 * behind it. The code of an error stays readable. A walk of our own, since pino's paths reach as deep as they are written
 * and cost more than the rest of a line.
 */
export function redacted(event: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return members(event, DEEPEST)
}

function members(held: object, depth: number): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(held)) {
    shown[name] = SENSITIVE.has(name.toLowerCase()) ? censored(name, value) : plain(value, depth)
  }
  return shown
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => plain(item, depth - 1))
  // An error's message may hold anything; whoever logs one tells of it with `reportError`
  return value instanceof Error ? { name: value.name } : members(value, depth - 1)
}

/** An authorization code and the code of an error have one name; only the latter has a package and a slash, or is the system's. */
function censored(name: string, value: unknown): unknown {
  const isErrorCode = name === 'code' && typeof value === 'string' && ERROR_CODE.test(value)
  return isErrorCode || value === undefined ? value : '[secret]'
}

const DEEPEST = 8
const ERROR_CODE = /^(?:[a-z]+\/[a-z_-]+|E[A-Z0-9]{2,20}|(?:ERR|SQLITE)_[A-Z0-9_]{2,40})$/
const SENSITIVE: ReadonlySet<string> = new Set([
  'access_token',
  'assertion',
  'authorization',
  'client_secret',
  'code',
  'code_verifier',
  'cookie',
  'credentials',
  'id_token',
  'kek',
  'login',
  'password',
  'refresh_token',
  'secret',
  'seed',
  'set-cookie',
  'token',
])
