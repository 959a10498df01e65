/** The colours of the pages in one scheme, as `#rrggbb`. Each is a property of the style sheet. */
export interface Colours {
  readonly ground: string
  readonly glow: string
  readonly card: string
  readonly edge: string
  readonly text: string
  readonly quiet: string
  readonly line: string
  /** Links, rings around what has the focus, names. */
  readonly accent: string
  /** What a button that is filled is filled with, at rest and under the pointer, with its text and its edge. */
  readonly button: string
  readonly 'button-strong': string
  readonly 'on-button': string
  readonly tint: string
  readonly 'alert-text': string
  readonly 'alert-ground': string
  readonly 'alert-edge': string
}

export type Scheme = 'light' | 'dark'

/** The colours unless somebody chooses one of their own. */
export const ownColours: Readonly<Record<Scheme, Colours>> = {
  light: {
    ground: '#f3f5f4',
    glow: '#dfecea',
    card: '#ffffff',
    edge: '#dde3e1',
    text: '#14211f',
    quiet: '#566461',
    line: '#7f8c89',
    accent: '#0d5c63',
    button: '#0d5c63',
    'button-strong': '#094a50',
    'on-button': '#ffffff',
    tint: '#eef5f4',
    'alert-text': '#8a1c1c',
    'alert-ground': '#fdf0ee',
    'alert-edge': '#c8443a',
  },
  dark: {
    ground: '#0d1413',
    glow: '#12302f',
    card: '#151e1d',
    edge: '#27332f',
    text: '#ecf2f0',
    quiet: '#9fb0ac',
    line: '#6f807c',
    accent: '#6fcfc4',
    button: '#6fcfc4',
    'button-strong': '#8fded5',
    'on-button': '#06201f',
    tint: '#1b2827',
    'alert-text': '#ffb9b1',
    'alert-ground': '#2c1917',
    'alert-edge': '#e5695d',
  },
}
