import { Refusal } from '../refusal.ts'

/**
 * The one thing that was named of several that exclude each other, with its value. Throws `Refusal` when it was none or
 * more than one.
 */
export function onlyOne<Kind extends string>(
  act: string,
  named: { readonly [kind in Kind]: string | undefined },
  forms: string,
): { readonly kind: Kind; readonly value: string } {
  const given = (Object.keys(named) as Kind[]).flatMap((kind) => {
    const value = named[kind]
    return value === undefined ? [] : [{ kind, value }]
  })
  const [only] = given
  if (only !== undefined && given.length === 1) return only
  const state = only === undefined ? 'nothing says which' : 'more than one thing says which'
  throw new Refusal('misuse', `Cannot ${act}: ${state}`, { remedy: `Give exactly one of ${forms}` })
}
