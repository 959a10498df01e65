/** A moment as people say it, counted from now: it needs no time zone, which a page without script does not know. */
export function relativeTime(at: number, now: number, language: string): string {
  const seconds = Math.round(at - now)
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const size = Math.abs(seconds)
  if (size < MINUTE) return format.format(0, 'second')
  if (size < HOUR) return format.format(Math.trunc(seconds / MINUTE), 'minute')
  if (size < 2 * DAY) return format.format(Math.trunc(seconds / HOUR), 'hour')
  return format.format(Math.trunc(seconds / DAY), 'day')
}

/** The same moment to the minute, in UTC. */
export function exactTime(at: number, language: string): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return `${format.format(new Date(at * 1000))} UTC`
}

const MINUTE = 60
const HOUR = 3600
const DAY = 86_400
