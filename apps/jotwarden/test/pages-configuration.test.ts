import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { initialisedFolder } from './initialised-folder.ts'
import { jotwarden, serving } from './jotwarden-process.ts'

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>'

/** An initialised folder with these lines below `[pages]`. */
async function folderWith(lines: string): Promise<string> {
  const folder = await initialisedFolder()
  const file = join(folder, 'jotwarden.toml')
  const text = readFileSync(file, 'utf8')
  expect(text).toContain('\n[pages]\n')
  writeFileSync(
    file,
    text.replace('[pages]\n', () => `[pages]\n${lines}\n`),
  )
  return folder
}

describe('[pages] in the configuration', () => {
  test('a colour that is hard to read is no fault: config check and doctor say what becomes of it', async () => {
    const folder = await folderWith('color = "#FFD400"')
    const text = 'is #ffd400, which cannot be read on light pages: links and rings are #836d00 there'
    const checked = await jotwarden(['config', 'check', '--json'], { folder })
    expect(checked.code).toBe(0)
    expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, notes: [{ key: 'pages.color', text }] })
    expect((await jotwarden(['config', 'check'], { folder })).stdout).toContain(`Note: pages.color ${text}`)
    const { findings } = JSON.parse((await jotwarden(['doctor', '--json'], { folder })).stdout)
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: 'note', subject: 'pages.color', problem: text }),
    )
  })

  test('a logo that is missing or has a script is a fault, and no server starts with it', async () => {
    const folder = await folderWith('logo = "logo.svg"')
    const problems = async (): Promise<readonly string[]> => {
      const { code, stdout } = await jotwarden(['config', 'check', '--json'], { folder })
      const findings: readonly { readonly problem: string }[] = JSON.parse(stdout).findings
      return [`ended with ${code}`, ...findings.map(({ problem }) => problem.replace(folder, ''))]
    }
    expect(await problems()).toEqual(['ended with 1', 'names /logo.svg, which cannot be read'])
    writeFileSync(join(folder, 'logo.svg'), LOGO.replace('<path', '<script>0</script><path'))
    expect(await problems()).toEqual(['ended with 1', expect.stringContaining('an SVG file with a script')])
    const { code, stderr } = await jotwarden(['serve'], { folder })
    expect([code, stderr]).toEqual([1, expect.stringContaining('pages.logo')])
    writeFileSync(join(folder, 'logo.svg'), LOGO)
    expect(await problems()).toEqual(['ended with 0'])
  })

  test('what it says stands on the pages that are served', async () => {
    const folder = await folderWith(
      'language = "fr"\nname = "Chez Zoé"\ncolor = "#aa0055"\nlogo = "logo.svg"',
    )
    writeFileSync(join(folder, 'logo.svg'), LOGO)
    const server = await serving<{ readonly url: string }>([], {
      folder,
      environment: { JOTWARDEN_SERVER_LISTEN: '127.0.0.1:0' },
    })
    try {
      const { url } = server.ready
      const page = await (await fetch(url)).text()
      expect(page).toContain('<title>Service de connexion · Chez Zoé</title>')
      const asset = async (pattern: RegExp): Promise<string> =>
        (await fetch(new URL(pattern.exec(page)?.[1] ?? '', url))).text()
      expect(await asset(/<img class="logo" src="([^"]+)"/)).toBe(LOGO)
      expect(await asset(/<link rel="stylesheet" href="([^"]+)"/)).toContain('--button: #aa0055;')
      const german = await fetch(url, { headers: { 'accept-language': 'de' } })
      expect(german.headers.get('content-language')).toBe('de')
    } finally {
      await server.stop()
    }
  })
})
