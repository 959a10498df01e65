import type { Explanation, Source } from './explain/explanation.ts'
import { type ExplanationGroup, explanationGroups } from './explain/explanations.ts'

/** The page `docs/errors.md`: what `jotwarden explain` says of every code. */
export function errorReference(): string {
  return [INTRODUCTION, ...explanationGroups.map(section)].join('\n')
}

function section({ title, package: from, rows }: ExplanationGroup): string {
  const entries = Object.entries(rows).map(([code, row]) => entry(code, row))
  return `## ${title}\n\n${from
    .split(', ')
    .map((name) => `\`${name}\``)
    .join(', ')}\n\n${entries.join('\n')}`
}

function entry(code: string, { means, matters, sources, mend }: Explanation): string {
  const cited = sources.length === 0 ? '' : ` (${sources.map(linked).join(', ')})`
  return `### ${code}\n\n${means}\n\n*Why it matters:* ${matters}${cited}\n\n*How to mend it:* ${mend}\n`
}

/** Clauses of RFCs lead to their section, public failures to their record. */
function linked(source: Source): string {
  const clause = /^RFC (\d+)(?: §([\d.]+))?$/.exec(source)
  if (clause !== null) {
    const [, rfc, section] = clause
    return `[${source}](https://www.rfc-editor.org/rfc/rfc${rfc}${section === undefined ? '' : `#section-${section}`})`
  }
  if (source.startsWith('CVE-')) return `[${source}](https://www.cve.org/CVERecord?id=${source})`
  if (source.startsWith('CWE-'))
    return `[${source}](https://cwe.mitre.org/data/definitions/${source.slice('CWE-'.length)}.html)`
  return source.startsWith('decision ') ? `[${source}](decisions/README.md)` : source
}

const INTRODUCTION = `# Errors

Every code that a package or the command gives, and every reason that the verifier gives: what it means, why it matters, how to mend it. \`jotwarden explain CODE\` says the same. Codes are stable: programs branch on them, messages are for people.

Written by \`npm run check -- --write\` from \`apps/jotwarden/src/explain/\`, where each union of codes has its file; the compiler finds a code without a row.
`
