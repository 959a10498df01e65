import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'
import type { Endpoints } from './endpoints.ts'
import { markOn } from './pages/mark.ts'
import { sessionsStyle } from './pages/sessions-style.ts'
import { stylesheetIn } from './pages/stylesheet.ts'
import { logoPolicy } from './theme/logo.ts'
import type { Theme } from './theme/theme.ts'

/** A file of the pages. Its path names its content, so that it may be kept for ever. */
export interface Asset {
  readonly path: string
  readonly type: string
  readonly answer: Answer
}

export interface Assets {
  readonly stylesheet: Asset
  /** The host's logo, or the mark. */
  readonly picture: Asset
}

export function createAssets(endpoints: Endpoints, { colours, logo }: Theme): Assets {
  const asset = (name: string, type: AssetType, body: AssetBody): Asset => ({
    path: `${endpoints.base}/assets/${name}-${digest(body)}.${EXTENSIONS[type]}`,
    type,
    answer: {
      status: 200,
      body,
      headers: {
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
        ...(name === 'logo' ? { 'content-security-policy': logoPolicy } : {}),
      },
    },
  })
  return {
    stylesheet: asset('pages', 'text/css; charset=utf-8', stylesheetIn(colours) + sessionsStyle),
    picture:
      logo === undefined
        ? asset('mark', 'image/svg+xml', markOn(colours.light.accent))
        : asset('logo', logo.type, logo.body),
  }
}

type AssetBody = string | Uint8Array<ArrayBuffer>
type AssetType = keyof typeof EXTENSIONS

function digest(body: AssetBody): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 12)
}

const EXTENSIONS = { 'text/css; charset=utf-8': 'css', 'image/svg+xml': 'svg', 'image/png': 'png' } as const
