/** A moment, in seconds since the epoch, as people read it: in UTC, whatever the machine's own zone. */
export function formatMoment(seconds: number): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return String(seconds)
  return date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
}
