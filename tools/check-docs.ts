import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedPageFindings } from './generated-pages.ts'
import { brokenLinks } from './links.ts'
import { type RepositoryFile, repositoryFiles } from './repository-files.ts'
import { type NamedTest, parseRequirements, type Requirement } from './requirements.ts'
import { joinedTitle, testTitles } from './test-titles.ts'
import { workspacePackages } from './workspace.ts'

/** Compares what the documents say with what the repository holds; each finding is one line. */
export async function checkDocs(root: string): Promise<readonly string[]> {
  const files = repositoryFiles(root)
  return [
    ...requirementFindings(root),
    ...brokenLinks(files),
    ...missingReadmes(root),
    ...unknownPackages(root, files),
    ...foreignPlaces(files),
    ...castClaims(files),
    ...(await generatedPageFindings(root)),
  ]
}

function requirementFindings(root: string): readonly string[] {
  if (!existsSync(join(root, REQUIREMENTS))) return [`${REQUIREMENTS} is missing`]
  const requirements = parseRequirements(readFileSync(join(root, REQUIREMENTS), 'utf8'))
  return [
    ...repeatedIds(requirements),
    ...unknownIds(root, requirements),
    ...requirements
      .filter(saysNothing)
      .map((one) => `${at(one)} ${one.id} names no test and says nothing is open`),
    ...missingTests(root, requirements),
  ]
}

function repeatedIds(requirements: readonly Requirement[]): readonly string[] {
  const firsts = new Map<string, number>()
  return requirements.flatMap((one) => {
    const first = firsts.get(one.id)
    if (first === undefined) firsts.set(one.id, one.line)
    return first === undefined ? [] : [`${at(one)} ${one.id} stands already in line ${first}`]
  })
}

/** The design that the ids come from is kept beside the repository, where it is kept at all. */
function unknownIds(root: string, requirements: readonly Requirement[]): readonly string[] {
  const source = process.env.JOTWARDEN_REQUIREMENTS ?? join(root, '..', 'shared', 'design', 'requirements.md')
  if (!existsSync(source)) return []
  const known = new Set(readFileSync(source, 'utf8').match(REQUIREMENT_ID))
  return requirements
    .filter((one) => !known.has(one.id))
    .map((one) => `${at(one)} ${one.id} is not an id of the requirements`)
}

function saysNothing(requirement: Requirement): boolean {
  return requirement.tests.length === 0 && requirement.open === ''
}

function missingTests(root: string, requirements: readonly Requirement[]): readonly string[] {
  const named = [...new Set(requirements.flatMap((one) => one.tests.map((test) => test.file)))]
  const present = named.filter((file) => existsSync(join(root, file)))
  const titles = testTitles(root, present)
  return requirements.flatMap((one) =>
    one.tests.flatMap((test) => {
      if (!present.includes(test.file))
        return [`${at(one)} ${one.id} names ${test.file}, which does not exist`]
      if (isTitled(test, titles)) return []
      return [`${at(one)} ${one.id} names the test "${test.title}", which ${test.file} does not hold`]
    }),
  )
}

function isTitled(test: NamedTest, titles: ReadonlyMap<string, readonly string[]>): boolean {
  return (titles.get(test.file) ?? []).some((title) =>
    ` › ${title}`.endsWith(` › ${joinedTitle(test.title)}`),
  )
}

function missingReadmes(root: string): readonly string[] {
  return workspacePackages(root)
    .filter((one) => !existsSync(join(root, one.folder, 'README.md')))
    .map((one) => `${one.folder} has no README.md`)
}

function unknownPackages(root: string, files: readonly RepositoryFile[]): readonly string[] {
  const known = new Set(workspacePackages(root).map((one) => one.name))
  return files
    .filter((file) => file.path.endsWith('.md'))
    .flatMap((file) =>
      lines(file, /@jotwarden\/[a-z0-9-]+/g)
        .filter((hit) => !known.has(hit.text))
        .map((hit) => `${file.path}:${hit.line} names ${hit.text}, and no such package exists`),
    )
}

function foreignPlaces(files: readonly RepositoryFile[]): readonly string[] {
  return files.flatMap((file) =>
    FOREIGN_PLACES.flatMap(({ what, pattern }) =>
      lines(file, pattern).map((hit) => `${file.path}:${hit.line} names ${what}: ${hit.text}`),
    ),
  )
}

function castClaims(files: readonly RepositoryFile[]): readonly string[] {
  return files
    .filter((file) => /\.[cm]?tsx?$/.test(file.path))
    .filter((file) => file.path !== 'core/token/src/verify.ts' && !/(^|\/)test\//.test(file.path))
    .flatMap((file) =>
      lines(file, /\bas\s+VerifiedClaims\b/g).map(
        (hit) => `${file.path}:${hit.line} casts to verified claims: only verification may give them`,
      ),
    )
}

function lines(
  file: RepositoryFile,
  pattern: RegExp,
): readonly { readonly text: string; readonly line: number }[] {
  return [...file.text.matchAll(pattern)].map((match) => ({
    text: match[0],
    line: file.text.slice(0, match.index).split('\n').length,
  }))
}

function at(requirement: Requirement): string {
  return `${REQUIREMENTS}:${requirement.line}`
}

const REQUIREMENTS = 'docs/requirements.md'
const REQUIREMENT_ID = /\b(?:S\d+-\d+|[BC]\d*\.\d+|T\d+)\b/g
const FOREIGN_PLACES = [
  { what: 'a folder of one machine', pattern: /(?<![\w.~/-])\/(?:home|Users|root|work)\/[\w.-]+/g },
  { what: 'a folder of one machine', pattern: /\b[A-Z]:\\(?:Users|work)\\/g },
  {
    what: 'a package registry',
    pattern: /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.[a-z]+|\bnpm\.pkg\.github\b/g,
  },
  { what: 'where a package was fetched', pattern: /"resolved": *"https?:[^"]*"/g },
] as const

if (import.meta.main) {
  const findings = await checkDocs(process.cwd())
  if (findings.length > 0) console.log(findings.join('\n'))
  process.exitCode = findings.length === 0 ? 0 : 1
}
