import { AuthorityError, type ImportedAccount } from '@jotwarden/authority'
import { examineHash, ImportedHashError } from '@jotwarden/hasher-imported'
import { z } from 'zod'

/** What a line says, or why it cannot be taken; never a hash in either text. */
export type AccountLine =
  | { readonly account: ImportedAccount; readonly weakness: string | null }
  | { readonly problem: string }

export function readAccountLine(text: string | undefined): AccountLine {
  if (text === undefined) return { problem: 'the line is longer than 64 KiB or not UTF-8' }
  const value = parsed(text)
  if (value === undefined || Array.isArray(value)) return { problem: unreadable(text) }
  const read = lineSchema.safeParse(value)
  if (!read.success) return { problem: problemOf(read.error) }
  try {
    return accountOf(read.data)
  } catch (error) {
    return { problem: told(error) }
  }
}

/** The message of an error about one account, which has no place for what the account is. */
export function told(error: unknown): string {
  if (!(error instanceof ImportedHashError) && !(error instanceof AuthorityError)) throw error
  return error.message.replace(/^Cannot add the account: /, '').replace(/^Cannot/, 'cannot')
}

function accountOf(line: z.infer<typeof lineSchema>): AccountLine {
  const { username, subject, disabled } = line
  const examined = line.password_hash === null ? undefined : examineHash(line.password_hash)
  const account: ImportedAccount = {
    username,
    disabled,
    emailVerified: line.email_verified,
    ...(subject === undefined ? {} : { subject }),
    ...(line.name == null ? {} : { name: line.name }),
    ...(line.email == null ? {} : { email: line.email }),
    password:
      line.password_hash === null || examined === undefined
        ? null
        : { hash: line.password_hash, work: examined.work },
  }
  return { account, weakness: examined?.weakness ?? null }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unreadable(text: string): string {
  if (text.trimStart().startsWith('['))
    return 'the file is a JSON array; it must have one object a line, as `jq -c ".[]"` writes it'
  return 'the line is no JSON object'
}

function problemOf({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined || issue.path.length === 0)
    return issue?.code === 'unrecognized_keys'
      ? `it has members that are not known: ${issue.keys.join(', ')}`
      : 'the line is no JSON object'
  return `${issue.path.join('.')} is missing or of the wrong kind`
}

const lineSchema = z.strictObject({
  username: z.string(),
  /** Null: the person cannot sign in until a password is set. */
  password_hash: z.string().nullable(),
  subject: z.string().optional(),
  name: z.string().nullable().optional(),
  email: z.string().nullable().optional(),
  email_verified: z.boolean().default(false),
  disabled: z.boolean().default(false),
})
