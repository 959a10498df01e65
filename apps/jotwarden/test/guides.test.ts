import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { saidSo, walk } from './guide.ts'

const folder = fileURLToPath(new URL('../../../docs/guides/', import.meta.url))
const guides = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md')

test.for(guides)(
  'docs/guides/%s: every block runs in order and prints what the page says',
  { timeout: 60_000 },
  async (guide) => {
    const { steps, status, stderr } = await walk(guide)
    expect(steps.length).toBeGreaterThan(0)
    for (const step of steps)
      expect(saidSo(step), `${step.code}printed\n${step.stdout}\nand not\n${step.said}\n${stderr}`).toBe(true)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  },
)

test.for(guides)('docs/guides/%s: links lead to files that are there', (guide) => {
  const page = readFileSync(join(folder, guide), 'utf8')
  const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = '']) => target)
  expect(links.filter((target) => !existsSync(join(folder, dirname(guide), target)))).toEqual([])
})
