import { epochOf } from '@jotwarden/policy'
import type { FileContents } from '@jotwarden/store-sqlite'
import type { Painter } from '../output/colour.ts'
import { formatMoment } from '../output/moment.ts'
import { formatTable, printable } from '../output/table.ts'

/** What a store or a copy of it holds, for people. */
export function contentsText(contents: FileContents, paint: Painter): string {
  const rows = Object.entries(contents.tables).map(([table, count]) => [table, String(count)])
  return [...contents.issuers.map(issuerText), formatTable(['table', 'rows'], rows, paint)].join('\n\n')
}

/** The same for programs. */
export function contentsJson(contents: FileContents): Record<string, unknown> {
  return {
    schema_version: contents.schemaVersion,
    size: contents.size,
    free_size: contents.freeSize,
    tables: contents.tables,
    issuers: contents.issuers.map(({ issuer, head, floor, oldestEvent, newestEvent, prunable }) => ({
      issuer,
      head,
      epoch: epochOf(head),
      floor,
      oldest_event: oldestEvent,
      newest_event: newestEvent,
      prunable,
    })),
  }
}

/** Lines of a name and a value, aligned. */
export function factLines(facts: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length))
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`).join('\n')
}

function issuerText({
  issuer,
  head,
  floor,
  oldestEvent,
  newestEvent,
  prunable,
}: FileContents['issuers'][number]): string {
  return factLines([
    ['issuer', issuer],
    ['log', `head ${head}, epoch ${epochOf(head)}, floor ${floor}`],
    [
      'events',
      oldestEvent === null || newestEvent === null
        ? 'none'
        : `${formatMoment(oldestEvent)} to ${formatMoment(newestEvent)}`,
    ],
    ['expired', `${prunable} rows that pruning takes`],
  ])
}
