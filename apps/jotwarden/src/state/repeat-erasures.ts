import { accountErased, type Stores } from '@jotwarden/authority'
import type { ErasureList } from './erasure-list.ts'

/** Erases whom a copy that was put back has brought back. Answers how many. Throws `Refusal`. */
export async function repeatErasures(
  issuer: string,
  { accounts }: Stores,
  list: ErasureList,
  now: number,
): Promise<number> {
  const isErased = list.reader(issuer)
  const back = (await accounts.list(issuer)).filter(isErased)
  for (const { subject } of back)
    await accounts.erase(issuer, subject, () => accountErased(subject, 'restored-copy', now))
  return back.length
}
