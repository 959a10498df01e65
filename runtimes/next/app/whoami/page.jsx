import { headers } from 'next/headers'
import { whoami } from '../../.jotwarden/guarded.mjs'

export default async function Page({ searchParams }) {
  const { issuer } = await searchParams
  return <p>{await whoami(issuer, headers)}</p>
}
