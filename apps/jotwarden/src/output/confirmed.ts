import { Refusal } from '../refusal.ts'
import { printable } from './table.ts'
import { canAsk, type Terminal } from './terminal.ts'

/** Goes on when `yes` was given or the person agrees. Throws `Refusal`. */
export async function confirmed(
  terminal: Terminal,
  yes: boolean | undefined,
  question: string,
): Promise<void> {
  if (yes === true) return
  if (!canAsk(terminal)) {
    throw new Refusal('misuse', 'Cannot ask whether to go on: there is no terminal', {
      remedy: 'Say it with --yes',
    })
  }
  const { askConfirmation } = await import('./ask.ts')
  if (await askConfirmation(terminal, printable(question))) return
  throw new Refusal('refused', 'Nothing was changed')
}
