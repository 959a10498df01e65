import type { KeyCourse, KeySpan } from '@jotwarden/keyring'
import type { Painter, Style } from './colour.ts'
import { formatMoment } from './moment.ts'
import { printable } from './table.ts'

/** Draws each key as a bar over the time from a little ago until its keys' last known date. */
export function drawCourses(courses: readonly KeyCourse[], now: number, paint: Painter): string {
  const dates = courses.flatMap(({ spans }) => spans.flatMap(({ from, to }) => [from, to ?? from]))
  const from = Math.min(now, ...dates)
  const to = Math.max(now + 1, ...dates)
  const columnOf = (date: number) => Math.min(WIDTH - 1, Math.floor(((date - from) / (to - from)) * WIDTH))
  const here = columnOf(now)
  const width = Math.max(...courses.map(({ purpose }) => purpose.length))
  const head = `${' '.repeat(width + SHORT + 4)}${' '.repeat(here)}▼ ${formatMoment(now)}`
  const rows = courses.map(({ purpose, kid, spans }) => {
    const name = `${purpose.padEnd(width)}  ${printable(kid).slice(0, SHORT).padEnd(SHORT)}`
    return `${name}  ${barOf(spans, { from, to }, paint)}`
  })
  const scale = `${' '.repeat(width + SHORT + 4)}${formatMoment(from).padEnd(WIDTH - 20)}${formatMoment(to)}`
  return [paint('bold', head), ...rows, paint('dim', scale), legend(paint)].join('\n')
}

function barOf(
  spans: readonly KeySpan[],
  window: { readonly from: number; readonly to: number },
  paint: Painter,
): string {
  const step = (window.to - window.from) / WIDTH
  const cells = Array.from({ length: WIDTH }, (_, column) => {
    // A column shows what the key is in the middle of it.
    const at = window.from + (column + 0.5) * step
    return spans.find((span) => span.from <= at && at < (span.to ?? Number.POSITIVE_INFINITY))?.state
  })
  return cells
    .map((state) => (state === undefined ? ' ' : paint(shapes[state].style, shapes[state].sign)))
    .join('')
    .trimEnd()
}

function legend(paint: Painter): string {
  const words = Object.entries(shapes).map(([state, { sign, style }]) => `${paint(style, sign)} ${state}`)
  return words.join('   ')
}

const shapes: Readonly<Record<KeySpan['state'], { readonly sign: string; readonly style: Style }>> = {
  pending: { sign: '·', style: 'cyan' },
  active: { sign: '█', style: 'green' },
  retiring: { sign: '▒', style: 'yellow' },
}
const WIDTH = 64
/** So much of a key id tells it from the others. */
const SHORT = 8
