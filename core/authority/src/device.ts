/**
 * What a browser said of itself at a sign-in, so coarsely that it tells people their own browsers apart and nobody from
 * anybody else: each part is a word of a closed list, or null when it said nothing that is known here.
 */
export interface Device {
  readonly browser: BrowserKind | null
  readonly platform: Platform | null
}

export type BrowserKind = 'firefox' | 'chrome' | 'edge' | 'safari' | 'opera' | 'samsung'
export type Platform = 'windows' | 'macos' | 'linux' | 'android' | 'ios' | 'chromeos'

/** The device as it is kept, such as `firefox/linux`; null when nothing is known. The text itself is never kept. */
export function deviceOf(userAgent: string | undefined): string | null {
  const told = (userAgent ?? '').slice(0, LONGEST)
  const browser = BROWSERS.find(([, pattern]) => pattern.test(told))?.[0] ?? ''
  const platform = PLATFORMS.find(([, pattern]) => pattern.test(told))?.[0] ?? ''
  return browser === '' && platform === '' ? null : `${browser}/${platform}`
}

/** What `deviceOf` gave, read again; what is not of its lists is unknown. */
export function readDevice(kept: string | null): Device {
  const [browser, platform] = (kept ?? '').split('/')
  return {
    browser: BROWSERS.find(([kind]) => kind === browser)?.[0] ?? null,
    platform: PLATFORMS.find(([kind]) => kind === platform)?.[0] ?? null,
  }
}

/** In an order in which the first that fits is right: most name others, to be served like them. */
const BROWSERS: readonly (readonly [BrowserKind, RegExp])[] = [
  ['edge', /\bEdg(?:e|A|iOS)?\//],
  ['opera', /\bOPR\//],
  ['samsung', /\bSamsungBrowser\//],
  ['firefox', /\b(?:Firefox|FxiOS)\//],
  ['chrome', /\b(?:Chrome|HeadlessChrome|CriOS)\//],
  ['safari', /\bVersion\/[\d.]+ (?:Mobile\/\w+ )?Safari\//],
]
const PLATFORMS: readonly (readonly [Platform, RegExp])[] = [
  ['ios', /\b(?:iPhone|iPad|iPod)\b/],
  ['android', /\bAndroid\b/],
  ['windows', /\bWindows\b/],
  ['chromeos', /\bCrOS\b/],
  ['macos', /\bMacintosh\b/],
  ['linux', /\bLinux\b/],
]
/** Characters that are looked at. */
const LONGEST = 512
