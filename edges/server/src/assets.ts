import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'
import type { Endpoints } from './endpoints.ts'
import { mark } from './pages/mark.ts'
import { sessionsStyle } from './pages/sessions-style.ts'
import { stylesheet } from './pages/stylesheet.ts'

/** A file of the pages. Its path names its content, so that it may be kept for ever. */
export interface Asset {
  readonly path: string
  readonly answer: Answer
}

export interface Assets {
  readonly stylesheet: Asset
  readonly mark: Asset
}

export function createAssets(endpoints: Endpoints): Assets {
  const asset = (name: string, extension: string, type: string, body: string): Asset => ({
    path: `${endpoints.base}/assets/${name}-${digest(body)}.${extension}`,
    answer: {
      status: 200,
      body,
      headers: { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' },
    },
  })
  return {
    stylesheet: asset('pages', 'css', 'text/css; charset=utf-8', stylesheet + sessionsStyle),
    mark: asset('mark', 'svg', 'image/svg+xml', mark),
  }
}

function digest(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 12)
}
