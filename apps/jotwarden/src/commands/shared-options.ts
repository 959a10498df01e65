import type { Command } from 'commander'

/** The options that every command over a configuration has. */
export interface SharedOptions {
  readonly config?: string
  readonly json?: boolean
  readonly dev?: boolean
}

/** Adds `--config` and `--json`. */
export function withConfig(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration file (default: $JOTWARDEN_CONFIG, else ./jotwarden.toml)')
    .option('--json', 'print one JSON document instead of text')
}

/** Adds `--config`, `--json` and `--dev`. */
export function withStore(command: Command): Command {
  return withConfig(command).option('--dev', 'act on the state of `serve --dev` in ./.jotwarden')
}
