import { LONGEST_CRYPTOPERIOD } from '@jotwarden/keyring'
import { z } from 'zod'
import { type Address, parseAddress } from './address.ts'
import type { Configuration } from './configuration.ts'
import { parseDuration } from './duration.ts'
import { ISSUER_RULE, issuerFault } from './issuer.ts'
import { isKeyOwner } from './key-owner.ts'
import { isNetwork } from './networks.ts'
import { LANGUAGES, resources } from './resource-schema.ts'
import { text } from './text-schema.ts'

/** How the text of an environment variable becomes a value. */
export type ValueForm = 'text' | 'number' | 'boolean' | 'list' | 'file-only'

/** One key of the configuration. */
export interface Setting {
  /** The dotted key, as `server.listen`. */
  readonly key: string
  readonly path: readonly [string] | readonly [string, string]
  readonly schema: z.ZodType
  /** What to write instead of a refused value. */
  readonly remedy: string
  readonly form: ValueForm
  /** The environment variable that sets it; it wins over the file. */
  readonly variable: string
}

/** Every key there is. */
export function settings(): readonly Setting[] {
  return Object.entries(configurationSchema.shape).flatMap(([section, schema]) =>
    schema instanceof z.ZodObject
      ? Object.entries(schema.shape).map(([name, leaf]) => setting([section, name], leaf))
      : [setting([section], schema)],
  )
}

function setting(path: Setting['path'], schema: z.ZodType): Setting {
  const meta = schema.meta()
  const form = meta?.form
  return {
    key: path.join('.'),
    path,
    schema,
    remedy: String(meta?.remedy ?? ''),
    form: isForm(form) ? form : 'text',
    variable: `JOTWARDEN_${path.join('_').toUpperCase()}`,
  }
}

function isForm(value: unknown): value is ValueForm {
  return (
    value === 'text' || value === 'number' || value === 'boolean' || value === 'list' || value === 'file-only'
  )
}

function seconds(fallback: number, least: number, most: number): z.ZodType<number> {
  const example = `Write seconds or text as "10m", "8h", "7d": ${least} to ${most} seconds`
  return duration(least, most).prefault(fallback).meta({ remedy: example })
}

function duration(least: number, most: number) {
  return z.unknown().transform((value, context): number => {
    const duration = parseDuration(value)
    if (duration !== undefined && duration >= least && duration <= most) return duration
    const wrong = duration === undefined ? 'is not a duration' : `is ${duration} s, not ${least} to ${most} s`
    context.addIssue({ code: 'custom', message: wrong })
    return z.NEVER
  })
}

const issuer = text('is not a text')
  .check((context) => {
    const fault = issuerFault(context.value)
    if (fault !== undefined) context.issues.push({ code: 'custom', message: fault, input: context.value })
  })
  .meta({ remedy: `Set issuer to the address under which clients reach this server. ${ISSUER_RULE}` })

const address = text('is not a text').transform((value, context): Address => {
  const parsed = parseAddress(value)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: 'is not HOST:PORT' })
  return z.NEVER
})

const listen = address
  .prefault('127.0.0.1:8420')
  .meta({ remedy: 'Write listen = "127.0.0.1:8420", or "[::1]:8420" for IPv6' })

const trustedProxies = z
  .array(
    z.string({ error: 'holds something that is not a text' }).refine(isNetwork, {
      error: 'holds something that is neither an IP address nor a network such as 10.0.0.0/8',
    }),
    { error: 'is not a list' },
  )
  .prefault([])
  .meta({ form: 'list', remedy: 'Write trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]' })

const path = text('is not a text')

/** Null keeps events for good, which has to be written out. */
const retention = z
  .unknown()
  .transform((value, context): number | null => {
    if (value === 'forever') return null
    const duration = parseDuration(value)
    if (duration !== undefined && duration >= SHORTEST_RETENTION && duration <= LONGEST_RETENTION)
      return duration
    context.addIssue({
      code: 'custom',
      message: 'is neither "forever" nor a duration from 1 day to 20 years',
    })
    return z.NEVER
  })
  .prefault('400d')
  .meta({ remedy: 'Write retention = "400d", or "forever" to keep every event' })
const SHORTEST_RETENTION = 86_400
const LONGEST_RETENTION = 20 * 366 * 86_400

/** The one table of keys: what each may be, its default, and what to write. */
const configurationSchema = z.object({
  issuer,
  server: z.object({
    listen,
    tls_cert: path.optional().meta({ remedy: 'Write tls_cert = "certificate.pem", with the chain' }),
    tls_key: path.optional().meta({ remedy: 'Write tls_key = "private-key.pem"' }),
    trusted_proxies: trustedProxies,
  }),
  store: z.object({
    path: path.prefault('data/jotwarden.db').meta({ remedy: 'Write path = "data/jotwarden.db"' }),
  }),
  keys: z.object({
    kek_file: path
      .optional()
      .meta({ remedy: 'Write kek_file = "jotwarden.kek"; `jotwarden init` makes one' }),
    kek_env: z
      .string({ error: 'is not a text' })
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'is not the name of an environment variable' })
      .optional()
      .meta({ remedy: 'Write the name of the variable that holds the key, as kek_env = "ORDERS_AUTH_KEK"' }),
    previous_kek_env: z
      .string({ error: 'is not a text' })
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'is not the name of an environment variable' })
      .optional()
      .meta({
        remedy:
          'Write the name of the variable that holds the key before, as previous_kek_env = "ORDERS_AUTH_OLD_KEK"',
      }),
    epoch_file: path
      .prefault('jotwarden.epoch')
      .meta({ remedy: 'Write epoch_file = "jotwarden.epoch", apart from the data' }),
    signing_alg: z
      .enum(['ES256', 'Ed25519', 'RS256'], { error: 'is none of ES256, Ed25519, RS256' })
      .prefault('ES256')
      .meta({ remedy: 'Write signing_alg = "ES256"; RS256 only for older clients that need it' }),
    // The key plan: what somebody has to decide, and therefore has no default
    owner: z
      .string({ error: 'is not a text' })
      .refine(isKeyOwner, { error: 'is not a line of 1 to 100 characters' })
      .meta({
        remedy: 'The key plan has no default: write owner = "ann@example.com", who answers for the keys',
      }),
    rotation_period: duration(1, LONGEST_CRYPTOPERIOD).meta({
      remedy:
        'The key plan has no default: write rotation_period = "30d", the age at which keys are replaced; two years at most',
    }),
    rotation_volume: z
      .int({ error: 'is not a whole number' })
      .min(1_000_000, { error: 'is below 1000000' })
      .optional()
      .meta({ form: 'number', remedy: 'Write rotation_volume = 1000000000, or leave it out' }),
    cryptoperiod: seconds(31_536_000, 1, LONGEST_CRYPTOPERIOD),
    jwks_max_age: seconds(300, 1, 86_400),
    propagation: seconds(60, 0, 86_400),
    clock_skew: seconds(60, 0, 600),
  }),
  tokens: z.object({
    access_token_lifetime: seconds(600, 1, 3600),
    id_token_lifetime: seconds(600, 1, 3600),
    code_lifetime: seconds(60, 1, 60),
  }),
  sessions: z.object({
    interaction_lifetime: seconds(1800, 60, 86_400),
    login_lifetime: seconds(28_800, 60, 2_592_000),
    idle_lifetime: seconds(86_400, 60, 31_536_000),
    lifetime: seconds(604_800, 60, 31_536_000),
    grace_window: seconds(10, 0, 60),
    shadow_limit: z
      .int({ error: 'is not a whole number' })
      .min(0, { error: 'is below 0' })
      .max(100, { error: 'is above 100' })
      .prefault(3)
      .meta({ form: 'number', remedy: 'Write shadow_limit = 3, or 0 for never' }),
    end_shadowed: z
      .boolean({ error: 'is neither true nor false' })
      .prefault(false)
      .meta({ form: 'boolean', remedy: 'Write end_shadowed = true or false' }),
    revocation_quota: z
      .int({ error: 'is not a whole number' })
      .min(10, { error: 'is below 10' })
      .max(100_000, { error: 'is above 100000' })
      .prefault(1000)
      .meta({ form: 'number', remedy: 'Write revocation_quota = 1000' }),
  }),
  log: z.object({
    level: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], {
        error: 'is none of debug, info, warn, error, silent',
      })
      .prefault('info')
      .meta({ remedy: 'Write level = "info"' }),
    format: z
      .enum(['json', 'text'], { error: 'is neither json nor text' })
      .prefault('json')
      .meta({ remedy: 'Write format = "json" or "text"' }),
    requests: z
      .boolean({ error: 'is neither true nor false' })
      .prefault(true)
      .meta({ form: 'boolean', remedy: 'Write requests = true or false' }),
    slow: seconds(1, 1, 60),
    addresses: z
      .enum(['network', 'full', 'none'], { error: 'is none of network, full, none' })
      .prefault('network')
      .meta({ remedy: 'Write addresses = "network", "full" or "none"' }),
  }),
  events: z.object({ retention }),
  metrics: z.object({
    listen: address
      .optional()
      .meta({ remedy: 'Write listen = "127.0.0.1:9464"; without it nothing is measured' }),
    beyond_loopback: z
      .boolean({ error: 'is neither true nor false' })
      .prefault(false)
      .meta({ form: 'boolean', remedy: 'Write beyond_loopback = true or false' }),
  }),
  pages: z.object({
    language: z
      .enum(LANGUAGES, { error: 'is none of en, de, fr' })
      .prefault('en')
      .meta({ remedy: 'Write language = "en", "de" or "fr"' }),
    name: text('is not a text')
      .max(60, { error: 'is longer than 60 characters' })
      .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*[^\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}][^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, {
        error: 'has characters that are not seen, or nothing else',
      })
      .optional()
      .meta({ remedy: 'Write name = "Example", as people know the service' }),
    color: text('is not a text')
      .regex(/^#[0-9a-f]{6}$/i, { error: 'is not a colour as #rrggbb' })
      .optional()
      .meta({ remedy: 'Write color = "#0d5c63"' }),
    logo: path
      .regex(/\.(?:svg|png)$/i, { error: 'is neither an .svg nor a .png file' })
      .optional()
      .meta({ remedy: 'Write logo = "logo.svg", of at most 128 KiB and without scripts' }),
  }),
  notices: z.object({
    url: text('is not a text')
      .optional()
      .meta({ remedy: 'Write url = "https://mailer.example.com/notices"' }),
    secret_file: path.optional().meta({ remedy: 'Write secret_file = "notices.secret"' }),
    secret_env: z
      .string({ error: 'is not a text' })
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'is not the name of an environment variable' })
      .optional()
      .meta({ remedy: 'Write the name of the variable that holds the secret' }),
  }),
  resources,
})

/** Checks a whole configuration. Throws a `ZodError`. */
export function parseConfiguration(raw: unknown): Configuration {
  return configurationSchema.parse(raw)
}
