import { PassThrough } from 'node:stream'
import type { Command } from 'commander'
import type { Terminal } from './output/terminal.ts'
import { buildProgram } from './program.ts'

/** The page `docs/commands.md`: the help of every command, as the commands print it. */
export function commandReference(): string {
  const nowhere = new PassThrough()
  const terminal: Terminal = {
    stdin: nowhere,
    stdout: nowhere,
    stderr: nowhere,
    environment: {},
    folder: '.',
  }
  return [INTRODUCTION, ...sections(buildProgram(terminal), '')].join('\n')
}

function sections(command: Command, parents: string): readonly string[] {
  const name = `${parents}${command.name()}`
  const section = `## ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`
  return [section, ...command.commands.flatMap((child) => sections(child, `${name} `))]
}

function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({
    writeOut: (part) => {
      text += part
    },
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return text.trim()
}

const INTRODUCTION = `# Commands

What \`jotwarden --help\` and its commands say of themselves. Written by \`npm run check -- --write\`.
`
