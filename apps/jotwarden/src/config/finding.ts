/** Where a value came from. */
export type Source =
  | { readonly from: 'default' }
  | { readonly from: 'file'; readonly name: string }
  | { readonly from: 'environment'; readonly name: string }

/** Something wrong with the configuration: which key, where it was set, what is wrong, and what to do. */
export interface Finding {
  /** The dotted key, as `server.listen`. */
  readonly key: string
  readonly source: Source
  readonly problem: string
  readonly remedy: string
}

/** The source in words for people. */
export function describeSource(source: Source): string {
  return source.from === 'default' ? 'default' : source.name
}
