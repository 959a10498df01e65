import { dirname, join } from 'node:path/posix'
import type { RepositoryFile } from './repository-files.ts'

/** Every relative link of a Markdown file that leads to no file, folder or heading of the repository. */
export function brokenLinks(files: readonly RepositoryFile[]): readonly string[] {
  const places = new Set(files.flatMap((file) => [file.path, ...foldersOf(file.path)]))
  const headings = new Map(files.filter(isMarkdown).map((file) => [file.path, headingsOf(file.text)]))
  return files.filter(isMarkdown).flatMap((file) =>
    linksOf(file.text)
      .filter((link) => !/^[a-z][a-z0-9+.-]*:|^\/\//i.test(link.target))
      .filter((link) => !leads(file.path, link.target, places, headings))
      .map((link) => `${file.path}:${link.line} links to ${link.target}, which does not exist`),
  )
}

function leads(
  from: string,
  target: string,
  places: ReadonlySet<string>,
  headings: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const [path = '', heading] = decodeURI(target).split('#')
  const reached = path === '' ? from : join(dirname(from), path).replace(/\/$/, '')
  if (reached !== '.' && !places.has(reached)) return false
  return heading === undefined || headings.get(reached)?.has(heading) !== false
}

function linksOf(text: string): readonly { readonly target: string; readonly line: number }[] {
  return withoutCode(text)
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(LINK)].map((match) => ({ target: match[1] ?? match[2] ?? '', line: index + 1 })),
    )
    .filter((link) => link.target !== '')
}

/** A heading's anchor, as GitHub and GitLab make it. */
function headingsOf(text: string): ReadonlySet<string> {
  const titles = withoutCode(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)
  return new Set(
    [...titles].map((match) =>
      (match[1] ?? '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

/** The text with every line of a code block empty, so that lines keep their numbers. */
function withoutCode(text: string): string {
  let fence = ''
  return text
    .split('\n')
    .map((line) => {
      const mark = /^\s*(```+|~~~+)/.exec(line)?.[1] ?? ''
      if (fence === '' && mark === '') return line
      if (fence === '') fence = mark
      else if (mark.startsWith(fence)) fence = ''
      return ''
    })
    .join('\n')
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function isMarkdown(file: RepositoryFile): boolean {
  return file.path.endsWith('.md')
}

const LINK = /\]\(<?([^()\s>]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s+<?(\S+?)>?\s*$/g
