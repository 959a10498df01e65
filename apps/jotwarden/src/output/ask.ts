import { confirm, isCancel, password, text } from '@clack/prompts'
import { Secret } from '@jotwarden/token'
import { Refusal } from '../refusal.ts'
import type { Terminal } from './terminal.ts'

/** Asks for a line of text. Throws `Refusal` when the person cancels. */
export async function askText(
  terminal: Terminal,
  question: {
    readonly message: string
    readonly placeholder: string
    readonly wrong: (text: string) => string | undefined
  },
): Promise<string> {
  const answer = await text({
    message: question.message,
    placeholder: question.placeholder,
    validate: (value) => question.wrong(value ?? ''),
    input: terminal.stdin,
    output: terminal.stderr,
  })
  if (isCancel(answer)) throw cancelled()
  return answer
}

/** Asks whether to go on. Throws `Refusal` when the person cancels. */
export async function askConfirmation(terminal: Terminal, message: string): Promise<boolean> {
  const answer = await confirm({
    message,
    initialValue: false,
    input: terminal.stdin,
    output: terminal.stderr,
  })
  if (isCancel(answer)) throw cancelled()
  return answer
}

/** Asks for a new password twice, unseen. Throws `Refusal` when the person cancels or the two differ. */
export async function askNewPassword(terminal: Terminal): Promise<Secret> {
  const streams = { input: terminal.stdin, output: terminal.stderr }
  const validate = (value: string | undefined) =>
    tooShort(value ?? '') ? `It must have ${SHORTEST_PASSWORD} characters or more` : undefined
  const first = await password({
    message: `New password, ${SHORTEST_PASSWORD} characters or more`,
    validate,
    ...streams,
  })
  if (isCancel(first)) throw cancelled()
  const again = await password({ message: 'The same again', ...streams })
  if (isCancel(again)) throw cancelled()
  if (first !== again) throw new Refusal('refused', 'Cannot set the password: the two are not the same')
  return Secret.fromText(first)
}

/** Asks for a token, unseen. Throws `Refusal` when the person cancels. */
export async function askToken(terminal: Terminal): Promise<string> {
  const answer = await password({
    message: 'The token, which is not shown',
    validate: (value) => ((value ?? '').trim() === '' ? 'Paste a token' : undefined),
    input: terminal.stdin,
    output: terminal.stderr,
  })
  if (isCancel(answer)) throw cancelled()
  return answer.trim()
}

/** Early and friendly; what counts is the check of the authority. */
function tooShort(text: string): boolean {
  return [...text.normalize('NFKC')].length < SHORTEST_PASSWORD
}

function cancelled(): Refusal {
  return new Refusal('refused', 'Nothing was changed: it was cancelled')
}

/** As the authority has it. */
const SHORTEST_PASSWORD = 12
