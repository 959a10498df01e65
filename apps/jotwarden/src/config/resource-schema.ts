import { z } from 'zod'
import type { Configuration } from './configuration.ts'
import { text } from './text-schema.ts'

/** Those of the pages. */
export const LANGUAGES = ['en', 'de', 'fr'] as const

const scopeText = z.custom<string | Readonly<Record<string, string>>>(isScopeText, {
  error: 'has a scope without a description, which is a text, or one for each of en, de, fr',
})

function isScopeText(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' && value !== ''
  const texts = Object.entries(value)
  const isKnown = ([language, text]: [string, unknown]): boolean =>
    LANGUAGES.some((one) => one === language) && typeof text === 'string' && text !== ''
  return texts.length > 0 && texts.every(isKnown)
}

const resource = z.strictObject(
  {
    identifier: text('has no identifier')
      .refine((value) => URL.canParse(value) && !value.includes('#'), {
        error: 'has an identifier that is not an absolute URI without a fragment',
      })
      .max(512, { error: 'has an identifier longer than 512 characters' }),
    name: text('has no name'),
    scopes: z
      .record(
        z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, {
          error: 'has a scope name that RFC 6749 §3.3 does not allow',
        }),
        scopeText,
        { error: 'has no scopes' },
      )
      .refine((scopes) => Object.keys(scopes).length > 0, { error: 'has no scopes' }),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `has the unknown key ${issue.keys.join(', ')}` : 'is not a table',
  },
)

/** The APIs that tokens are for. */
export const resources: z.ZodType<Configuration['resources']> = z
  .array(resource, { error: 'is not a list of tables' })
  .prefault([])
  .meta({
    form: 'file-only',
    remedy:
      'Write [[resources]] with identifier = "https://api.example.com", name = "Orders" and scopes = { "orders:read" = "See your orders" }',
  })
