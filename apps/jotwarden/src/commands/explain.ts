import { Command } from 'commander'
import type { ExplainedCode } from '../explain/explanation.ts'
import { explainedCodes } from '../explain/explanations.ts'
import { nearCodes } from '../explain/near-codes.ts'
import { painterFor } from '../output/colour.ts'
import { withoutTokens } from '../output/read-token.ts'
import { formatTable, printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'

interface ExplainOptions {
  readonly json?: boolean
}

/** `jotwarden explain`. */
export function explainCommand(terminal: Terminal): Command {
  return new Command('explain')
    .description('say what the code of an error means, why it matters and how to mend it')
    .argument('[code]', 'a code or a reason, as it stands in a log; without it, all are listed')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText('after', HELP)
    .action((code: string | undefined, options: ExplainOptions) => {
      if (code === undefined) list(terminal, options)
      else explain(terminal, code, options)
    })
}

function list(terminal: Terminal, options: ExplainOptions): void {
  const codes = explainedCodes()
  print(terminal, options.json === true ? JSON.stringify(codes) : table(terminal, codes))
}

function table(terminal: Terminal, codes: readonly ExplainedCode[]): string {
  const rows = codes.map(({ code, means }) => [code, means])
  return formatTable(['code', 'meaning'], rows, painterFor(terminal.stdout, terminal.environment))
}

function explain(terminal: Terminal, written: string, options: ExplainOptions): void {
  const codes = explainedCodes()
  const found = codes.find(({ code }) => code === written)
  if (found === undefined) throw unknown(written, codes)
  print(terminal, options.json === true ? JSON.stringify(found) : text(terminal, found))
}

function text(
  terminal: Terminal,
  { code, package: from, means, matters, sources, mend }: ExplainedCode,
): string {
  const paint = painterFor(terminal.stdout, terminal.environment)
  const part = (heading: string, ...lines: readonly string[]): string =>
    `${paint('dim', heading)}\n${lines.map((line) => `  ${line}`).join('\n')}`
  return [
    `${paint('bold', code)}  ${paint('dim', from)}`,
    part('What it means', means),
    part('Why it matters', matters, ...(sources.length === 0 ? [] : [sources.join(', ')])),
    part('How to mend it', mend),
  ].join('\n\n')
}

/** What was written may be a token that was pasted: it is repeated only where it is short and none. */
function unknown(written: string, codes: readonly ExplainedCode[]): Refusal {
  const near = nearCodes(
    written,
    codes.map(({ code }) => code),
  )
  const named = written.length > LONGEST_REPEATED ? 'this' : printable(withoutTokens(written))
  const remedy = near.length === 0 ? '' : `Did you mean ${near.join(', ')}? `
  return new Refusal('misuse', `Cannot explain ${named}: no error has this code`, {
    remedy: `${remedy}Run \`jotwarden explain\` for all of them`,
  })
}

const LONGEST_REPEATED = 60
const HELP = `
Codes have the form package/what; the words in the reason of a verifier's error can be explained as well. The same
text is in docs/errors.md.

Examples:
  jotwarden explain token/crit
  jotwarden explain wrong-audience
  jotwarden explain --json | jq -r '.[] | select(.sources[] | startswith("CVE")) | .code'`
