import type { CommonPasswords } from '@jotwarden/authority'

let listed: Promise<ReadonlySet<string>> | undefined

/** Looks the password up among some 50,000 that leaked most often. The list is read when first asked. */
export const isCommonPassword: CommonPasswords = async (password) => {
  listed ??= readList()
  return (await listed).has(password)
}

async function readList(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'])
}
