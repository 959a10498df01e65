import type { Report, Result } from './result.ts'

/** One JSON object a line; the first tells of the machine. */
export function jsonLinesOf(bench: string, machine: string, report: Report): string {
  const lines = report.results.map((result) => ({ bench, ...result }))
  const aims = (report.aims ?? []).map((aim) => ({ bench, ...aim }))
  return [{ bench, machine, notes: report.notes }, ...lines, ...aims]
    .map((line) => JSON.stringify(line))
    .join('\n')
}

/** A table for people: one row a case and subject, then the ratios. */
export function tableOf(report: Report): string {
  const measured = report.results.filter((result) => result.metric !== 'ratio')
  const columns = COLUMNS.filter(({ metric }) => measured.some((result) => result.metric === metric))
  const rows = [...new Set(measured.map((result) => `${result.case}\n${result.subject}`))].map((key) => {
    const [of = '', subject = ''] = key.split('\n')
    const own = measured.filter((result) => result.case === of && result.subject === subject)
    return [
      of,
      subject,
      ...columns.map((column) => cell(own.find((result) => result.metric === column.metric))),
    ]
  })
  const ratios = report.results
    .filter((result) => result.metric === 'ratio')
    .map((result) => [result.case, result.subject, `${result.value.toFixed(2)} ×`, spread(result)])
  return [
    aligned([['case', 'subject', ...columns.map((column) => column.heading)], ...rows]),
    aligned([['case', 'ratio', 'median', 'rounds'], ...ratios]),
    aligned([
      ['case', 'aim', 'measured', ''],
      ...(report.aims ?? []).map((aim) => [aim.case, aim.aim, aim.measured, aim.verdict]),
    ]),
    report.notes.map((note) => `- ${note}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function cell(result: Result | undefined): string {
  if (result === undefined || Number.isNaN(result.value)) return '–'
  const digits = result.unit === 'ms' || result.unit === 'MB' ? 1 : 0
  return `${result.value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })}`
}

function spread(result: Result): string {
  if (result.interval !== undefined)
    return `${result.interval.low.toFixed(2)} – ${result.interval.high.toFixed(2)}`
  return result.rounds.map((value) => value.toFixed(2)).join('  ')
}

function aligned(rows: readonly (readonly string[])[]): string {
  if (rows.length === 1) return ''
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((text, at) => (at < 2 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
        .join('  '),
    )
    .join('\n')
}

const COLUMNS = [
  { metric: 'count', heading: 'count' },
  { metric: 'rate', heading: 'answers/s' },
  { metric: 'p50', heading: 'p50 ms' },
  { metric: 'p99', heading: 'p99 ms' },
  { metric: 'max', heading: 'max ms' },
  { metric: 'time', heading: 'ns' },
  { metric: 'memory', heading: 'MB' },
  { metric: 'peak', heading: 'peak MB' },
  { metric: 'pause', heading: 'pause ms' },
  { metric: 'processor', heading: 'cpu µs' },
  { metric: 'fetches', heading: 'fetches' },
  { metric: 'size', heading: 'bytes' },
  { metric: 'errors', heading: 'errors' },
] as const
