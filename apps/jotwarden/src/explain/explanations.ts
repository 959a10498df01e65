import type { ExplainedCode, Explanation } from './explanation.ts'
import { authorityRows } from './rows/authority.ts'
import { cliRows } from './rows/cli.ts'
import { denyReasonRows } from './rows/deny-reasons.ts'
import { hasherRows } from './rows/hasher.ts'
import { jweRows } from './rows/jwe.ts'
import { keyRows } from './rows/key.ts'
import { keyringRows } from './rows/keyring.ts'
import { keystoreRows } from './rows/keystore.ts'
import { oauthRows } from './rows/oauth.ts'
import { policyRows } from './rows/policy.ts'
import { proofReasonRows } from './rows/proof-reasons.ts'
import { sealedRows } from './rows/sealed.ts'
import { serverRows } from './rows/server.ts'
import { storeRows } from './rows/store.ts'
import { tokenRows } from './rows/token.ts'
import { verifierRows } from './rows/verifier.ts'
import { verifierReasonRows } from './rows/verifier-reasons.ts'

/**
 * The one table of what codes mean. It stands in the app, since only the app may know the codes of every package.
 *
 * To add a code: add it to the union of its package. `npm run check` then fails in the file under `rows/` that has its
 * prefix, since that file's record must have a row for each code of the union and none beside. Write the row (what
 * happened, why it matters, where that is written, how to mend it; name only sources that you have looked up), then
 * run `npm run check -- --write` for `docs/errors.md`.
 */
export const explanationGroups: readonly ExplanationGroup[] = [
  { title: 'Tokens', package: '@jotwarden/token', rows: tokenRows },
  { title: 'Keys', package: '@jotwarden/token', rows: keyRows },
  { title: 'Encrypted tokens', package: '@jotwarden/token', rows: jweRows },
  { title: 'Formats of our own', package: '@jotwarden/token', rows: sealedRows },
  {
    title: 'Why a token with a good signature is refused',
    package: '@jotwarden/policy',
    rows: denyReasonRows,
  },
  { title: 'Profiles and feeds', package: '@jotwarden/policy', rows: policyRows },
  { title: 'The verifier', package: '@jotwarden/verifier', rows: verifierRows },
  { title: 'Reasons that the verifier gives', package: '@jotwarden/verifier', rows: verifierReasonRows },
  { title: 'Proofs of possession', package: '@jotwarden/verifier', rows: proofReasonRows },
  { title: 'Answers of the authority to clients', package: '@jotwarden/authority', rows: oauthRows },
  { title: 'The authority', package: '@jotwarden/authority', rows: authorityRows },
  { title: 'The server', package: '@jotwarden/server', rows: serverRows },
  { title: 'The life of keys', package: '@jotwarden/keyring', rows: keyringRows },
  { title: 'The key store', package: '@jotwarden/keystore-file', rows: keystoreRows },
  { title: 'The store', package: '@jotwarden/store-sqlite', rows: storeRows },
  {
    title: 'Passwords',
    package: '@jotwarden/hasher-argon2, @jotwarden/hasher-imported',
    rows: hasherRows,
  },
  { title: 'The command', package: 'jotwarden', rows: cliRows },
]

export interface ExplanationGroup {
  readonly title: string
  readonly package: string
  readonly rows: Readonly<Record<string, Explanation>>
}

/** Every code with its explanation, group by group; no code stands twice. */
export function explainedCodes(): readonly ExplainedCode[] {
  return explanationGroups.flatMap((group) =>
    Object.entries(group.rows).map(([code, row]) => ({ code, package: group.package, ...row })),
  )
}
