import type { Family } from './families.ts'

/** One row of numbers, as the registry keeps it. */
export interface Sampled {
  readonly labels: readonly string[]
  readonly value: number
  readonly counts: readonly number[]
}

/** The media type of Prometheus' text format. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** A family with its samples, in Prometheus' text format 0.0.4. */
export function formatFamily(name: string, family: Family, samples: readonly Sampled[]): string {
  const lines = samples.flatMap((sampled) =>
    family.type === 'histogram' ? histogramLines(name, family, sampled) : [plainLine(name, family, sampled)],
  )
  return `${[`# HELP ${name} ${escapedHelp(family.help)}`, `# TYPE ${name} ${family.type}`, ...lines].join('\n')}\n`
}

function plainLine(name: string, { labels }: Family, sampled: Sampled): string {
  return `${name}${labelText(labels, sampled.labels)} ${sampled.value}`
}

/** Buckets are cumulative: each counts what is at most its bound. */
function histogramLines(name: string, family: Family, sampled: Sampled): readonly string[] {
  const bounds = [...(family.buckets ?? []).map(String), '+Inf']
  let sum = 0
  const lines = bounds.map((bound, index) => {
    sum += sampled.counts[index] ?? 0
    return `${name}_bucket${labelText([...family.labels, 'le'], [...sampled.labels, bound])} ${sum}`
  })
  const labels = labelText(family.labels, sampled.labels)
  return [...lines, `${name}_sum${labels} ${sampled.value}`, `${name}_count${labels} ${sum}`]
}

function labelText(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return ''
  return `{${names.map((name, index) => `${name}="${escapedValue(values[index] ?? '')}"`).join(',')}}`
}

function escapedValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function escapedHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
