/** Reads a duration as seconds: a whole number, or text as `10m`, `8h`, `7d`; `undefined` when it is neither. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  if (typeof value !== 'string') return undefined
  const match = /^([0-9]{1,9})(s|m|h|d)?$/.exec(value)
  if (match === null) return undefined
  return Number(match[1]) * (UNITS[match[2] ?? 's'] ?? 1)
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
