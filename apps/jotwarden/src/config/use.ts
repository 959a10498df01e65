import type { Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import type { Configuration } from './configuration.ts'
import { describeSource, type Finding } from './finding.ts'
import { type ConfigurationPlace, loadConfiguration } from './load.ts'

/** Loads the configuration that a command works with. Throws `Refusal` with every finding at once. */
export function useConfiguration(terminal: Terminal, file: string | undefined): Configuration {
  const loaded = loadConfiguration(placeOf(terminal, file))
  if (loaded.configuration !== undefined) return loaded.configuration
  throw new Refusal('refused', `Cannot use the configuration:\n${formatFindings(loaded.findings)}`, {
    remedy: 'Run `jotwarden config check` to see every value with its source',
  })
}

/** Where a command looks for its configuration. */
export function placeOf(terminal: Terminal, file: string | undefined): ConfigurationPlace {
  return { file, environment: terminal.environment, folder: terminal.folder }
}

/** One finding a paragraph: key, source, what is wrong; then what to do. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings
    .map(({ key, source, problem, remedy }) => `  ${key}${sourceOf(source)} ${problem}\n    ${remedy}`)
    .join('\n')
}

function sourceOf(source: Finding['source']): string {
  return source.from === 'default' ? '' : ` (${describeSource(source)})`
}
