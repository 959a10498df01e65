import { loadVerifyKey, type PrivateJwk, type PublicJwk, parseSecretJwk, Secret } from '@jotwarden/token'
import {
  type DecryptKey,
  decrypt,
  decryptThenVerify,
  importPassword,
  importPrivateDecryptKey,
  importSharedJwk,
  type JweAlgorithm,
  type JweEncryption,
} from '@jotwarden/token/jwe'
import { type CaseKey, type CaseKeys, type HostileCase, tokenText } from '../hostile-case.ts'
import type { Answer } from './answer.ts'
import { tokenVerdict } from './token-verdict.ts'

/** Gives the token to `decrypt` and `decryptThenVerify`: the first key decrypts, the second verifies. */
export async function decryptVerdicts(one: HostileCase, keys: CaseKeys): Promise<readonly Answer[]> {
  const { expect } = one
  const [first, second] = one.keys.map((name) => keys[name])
  const token = tokenText(one.token)
  const answers: Answer[] = []
  if (expect.decrypt !== undefined) {
    const verdict = await tokenVerdict(async () => decrypt(token, await decryptKeyOf(first)))
    answers.push({ entry: 'decrypt', way: 'decrypt', verdict })
  }
  if (expect.nested !== undefined) {
    const verifyKey = await loadVerifyKey(second?.jwk as unknown as PublicJwk)
    const act = async (): Promise<unknown> => decryptThenVerify(token, await decryptKeyOf(first), verifyKey)
    answers.push({ entry: 'nested', way: 'decryptThenVerify', verdict: await tokenVerdict(act) })
  }
  return answers
}

async function decryptKeyOf(key: CaseKey | undefined): Promise<DecryptKey> {
  const { jwk = {}, private: secret = {}, encs: names = [] } = key ?? {}
  const alg = String(jwk.alg) as JweAlgorithm
  const encs = names as readonly JweEncryption[]
  if (jwk.kty !== 'oct') return importPrivateDecryptKey(secret as unknown as PrivateJwk, { encs })
  const shared = parseSecretJwk(jwk)
  if (!alg.startsWith('PBES2')) return importSharedJwk(shared, { encs }).decrypt
  const danger = { passwordBasedEncryption: true, maxCount: 1_200_000 } as const
  return importPassword(Secret.fromText(shared.k), { alg, encs, kid: shared.kid ?? '', danger }).decrypt
}
