import { readFileSync } from 'node:fs'
import { deriveColours, type Logo, logoFault, type PageOptions } from '@jotwarden/server'
import { Refusal } from '../refusal.ts'
import type { Configuration } from './configuration.ts'
import type { Finding } from './finding.ts'
import { formatFindings } from './use.ts'

/** How the pages speak and look by the configuration. Throws `Refusal` when the logo cannot be shown. */
export function pageOptions(configuration: Configuration): PageOptions {
  const { language, name, color } = configuration.pages
  const { logo, findings } = readLogo(configuration)
  if (findings.length > 0)
    throw new Refusal('refused', `Cannot use the configuration:\n${formatFindings(findings)}`)
  const theme = {
    ...(name === undefined ? {} : { name }),
    ...(color === undefined ? {} : { color }),
    ...(logo === undefined ? {} : { logo }),
  }
  return { language, theme }
}

/** What is wrong with the logo's file. */
export function checkPages(configuration: Configuration): readonly Finding[] {
  return readLogo(configuration).findings
}

/** What becomes of the accent colour where it could not be read: nothing to mend, but good to know. */
export function colourNotes(configuration: Configuration): readonly Note[] {
  const { color } = configuration.pages
  const corrected = color === undefined ? [] : (deriveColours(color)?.corrected ?? [])
  return corrected.map(({ scheme, from, to }) => ({
    key: 'pages.color',
    text: `is ${from}, which cannot be read on ${scheme} pages: links and rings are ${to} there`,
  }))
}

/** Something good to know of a key. */
export interface Note {
  readonly key: string
  readonly text: string
}

function readLogo({ pages: { logo: file } }: Configuration): {
  readonly logo?: Logo
  readonly findings: readonly Finding[]
} {
  if (file === undefined) return { findings: [] }
  const type = file.toLowerCase().endsWith('.png') ? 'image/png' : 'image/svg+xml'
  const body = readBytes(file)
  const fault = body === undefined ? 'cannot be read' : logoFault({ type, body })
  if (body !== undefined && fault === undefined) return { logo: { type, body }, findings: [] }
  const problem = `names ${file}, which ${fault}`
  return { findings: [{ key: 'pages.logo', source: { from: 'default' }, problem, remedy: LOGO_REMEDY }] }
}

function readBytes(file: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(readFileSync(file))
  } catch {
    return undefined
  }
}

const LOGO_REMEDY =
  'Name an SVG or PNG file of at most 128 KiB, an SVG without scripts, or leave pages.logo out; paths are relative to the configuration file'
