/** One line of Prometheus' text format: a number with its labels. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A family as it is announced, with its samples. */
export interface PageFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

/** Reads the text format by its grammar. Throws at any line that does not follow it. */
export function parseMetrics(text: string): readonly PageFamily[] {
  if (!text.endsWith('\n')) throw new Error('The last line has no end')
  const families: { name: string; type: string; help: string; samples: Sample[] }[] = []
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line)
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/.exec(line)
    const current = families.at(-1)
    if (help !== null) families.push({ name: help[1] ?? '', help: help[2] ?? '', type: '', samples: [] })
    else if (type !== null && current?.name === type[1] && current?.type === '') current.type = type[2] ?? ''
    else current?.samples.push(sampleOf(line, current))
  }
  return families
}

/** The sum of a family's samples with these labels; of a histogram, how many were observed. */
export function total(
  families: readonly PageFamily[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const family = families.find((one) => one.name === name)
  if (family === undefined) throw new Error(`There is no ${name}`)
  const counted = family.type === 'histogram' ? `${name}_count` : name
  return family.samples
    .filter((one) => one.name === counted)
    .filter((one) => Object.entries(labels).every(([label, value]) => one.labels[label] === value))
    .reduce((sum, one) => sum + one.value, 0)
}

function sampleOf(line: string, family: { readonly name: string; readonly type: string }): Sample {
  const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
  const [, name = '', labels = '', value = ''] = match ?? []
  const suffixes = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
  if (!suffixes.some((suffix) => name === family.name + suffix) || !Number.isFinite(Number(value)))
    throw new Error(`Not a sample of ${family.name}: ${line}`)
  return { name, labels: labelsOf(labels), value: Number(value) }
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/g)]
  if (found.map((one) => one[0]).join('') !== text) throw new Error(`Not labels: ${text}`)
  return Object.fromEntries(found.map((one) => [one[1], one[2]]))
}
