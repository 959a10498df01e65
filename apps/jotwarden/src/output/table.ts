import { stripVTControlCharacters } from 'node:util'
import type { Painter } from './colour.ts'

/** Lays rows out in columns as wide as their widest cell. Cells are cleaned of control characters. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Painter,
): string {
  const cells = rows.map((row) => row.map(printable))
  const widths = headings.map((heading, column) =>
    Math.max(width(heading), ...cells.map((row) => width(row[column] ?? ''))),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd()
  return [paint('dim', line(headings.map((heading) => heading.toUpperCase()))), ...cells.map(line)].join('\n')
}

/** The text without what could move the cursor or change colours: names come from other people. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROL, '\u{fffd}')
}

function width(text: string): number {
  return [...text].length
}

const CONTROL = /[\p{Cc}\p{Cf}]/gu
