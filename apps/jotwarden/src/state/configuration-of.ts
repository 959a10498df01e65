import type { SharedOptions } from '../commands/shared-options.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Environment } from '../config/environment.ts'
import { useConfiguration } from '../config/use.ts'
import { developmentConfiguration } from '../dev/dev-state.ts'
import type { Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'

/** The configuration that the options of a command name, with the environment that goes with it. Throws `Refusal`. */
export function configurationOf(
  terminal: Terminal,
  options: SharedOptions,
): { readonly configuration: Configuration; readonly environment: Environment } {
  if (options.dev !== true) {
    return { configuration: useConfiguration(terminal, options.config), environment: terminal.environment }
  }
  if (options.config !== undefined) throw new Refusal('misuse', 'Cannot use --dev and --config together')
  return { configuration: developmentConfiguration(terminal), environment: {} }
}
