import { createServer } from 'node:net'
import { beforeAll, expect, test } from 'vitest'
import { initialisedFolder } from './initialised-folder.ts'
import { freePort, jotwarden, serving } from './jotwarden-process.ts'

let folder: string
let environment: Readonly<Record<string, string>>

beforeAll(async () => {
  folder = await initialisedFolder()
  const port = await freePort()
  environment = {
    JOTWARDEN_ISSUER: `http://127.0.0.1:${port}`,
    JOTWARDEN_SERVER_LISTEN: `127.0.0.1:${port}`,
  }
})

test('serve has no listener for metrics unless it is configured', async () => {
  const running = await serving([], { folder, environment })
  expect(Object.keys(running.ready)).toEqual(['ready', 'issuer', 'url'])
  await running.stop()
})

test('serve ends with a refusal when the port of the metrics is taken, and leaves nothing running', async () => {
  const squatter = createServer()
  const port = await freePort()
  await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve))
  try {
    const { code, stderr } = await jotwarden(['serve'], {
      folder,
      environment: { ...environment, JOTWARDEN_METRICS_LISTEN: `127.0.0.1:${port}` },
    })
    expect(code).toBe(1)
    expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}`)
    expect(stderr).toContain('metrics.listen')
  } finally {
    squatter.close()
  }
})
