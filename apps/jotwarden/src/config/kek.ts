import { type KeyEncryptionKey, KeyStoreError, kekFromText, openKekFile } from '@jotwarden/keystore-file'
import { Secret } from '@jotwarden/token'
import type { Configuration } from './configuration.ts'
import type { Environment } from './environment.ts'
import type { Finding } from './finding.ts'

/** Opens the key-encryption key from the one source that is configured. Throws what the key store throws. */
export function openKek(configuration: Configuration, environment: Environment): KeyEncryptionKey {
  const { kek_file: file, kek_env: variable } = configuration.keys
  if (file !== undefined) return openKekFile(file, { create: false, requireMode: true })
  return kekFromText(Secret.fromText((environment[variable ?? 'JOTWARDEN_KEK'] ?? '').trim()))
}

/** What is wrong with the key-encryption key itself: its form, or the mode of its file. */
export function checkKek(configuration: Configuration, environment: Environment): readonly Finding[] {
  const { kek_file: file, kek_env: variable } = configuration.keys
  try {
    openKek(configuration, environment)
    return []
  } catch (error) {
    if (!(error instanceof KeyStoreError)) throw error
    const name = variable ?? 'JOTWARDEN_KEK'
    return [
      {
        key: file === undefined ? name : 'keys.kek_file',
        source: file === undefined ? { from: 'environment', name } : { from: 'file', name: file },
        problem: `does not give a key-encryption key: ${error.message}`,
        remedy:
          file === undefined
            ? `Set ${name} to 32 random bytes in base64url (43 characters)`
            : 'Put the file right, or restore it from its backup; `jotwarden init` makes a new one for a new store',
      },
    ]
  }
}
