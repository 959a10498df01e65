/**
 * Whether a value is an object of any realm with nothing that is inherited or does not show: what is not copied along
 * with the rest would be left out in silence.
 */
export function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const kind: unknown = Object.getPrototypeOf(value)
  const isPlain = kind === null || Object.getPrototypeOf(kind) === null
  return isPlain && Reflect.ownKeys(value).length === Object.keys(value).length
}
