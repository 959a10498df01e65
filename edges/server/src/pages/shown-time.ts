/**
 * A moment as people say it, counted from now: it needs no time zone, which a page without script does not know. What is
 * far off is a date. `justNow` is said of the last minute, where Intl has but "now".
 */
export function relativeTime(at: number, now: number, language: string, justNow: string): string {
  const seconds = at - now
  const size = Math.abs(seconds)
  if (size < MINUTE) return justNow
  if (size > FAR) return dateFormat(language, { dateStyle: 'long' }).format(new Date(at * 1000))
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'always' })
  if (size < HOUR) return format.format(Math.round(seconds / MINUTE), 'minute')
  if (size < 2 * DAY) return format.format(Math.round(seconds / HOUR), 'hour')
  return format.format(Math.round(seconds / DAY), 'day')
}

/** The same moment to the minute, in UTC. */
export function exactTime(at: number, language: string): string {
  const format = dateFormat(language, { dateStyle: 'long', timeStyle: 'short' })
  return `${format.format(new Date(at * 1000))} UTC`
}

function dateFormat(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' })
}

const MINUTE = 60
const HOUR = 3600
const DAY = 86_400
const FAR = 30 * DAY
