import {
  createFileKeyStore,
  type FileKeyStore,
  type Keks,
  type KeyEncryptionKey,
  KeyStoreError,
  kekFromText,
  openKekFile,
} from '@jotwarden/keystore-file'
import { Secret } from '@jotwarden/token'
import type { Configuration } from './configuration.ts'
import type { Environment } from './environment.ts'
import type { Finding } from './finding.ts'

/** Opens the key-encryption keys from the one source that is configured; the first wraps. Throws what the key store throws. */
export function openKeks(configuration: Configuration, environment: Environment): Keks {
  const { kek_file: file, kek_env: variable, previous_kek_env: previous } = configuration.keys
  if (file !== undefined) return openKekFile(file, { create: false, requireMode: true })
  const kek = kekIn(environment, variable ?? 'JOTWARDEN_KEK')
  return previous === undefined ? [kek] : [kek, kekIn(environment, previous)]
}

/** The store of private parts, which follows its file. Throws what the key store throws. */
export function openKeyStore(configuration: Configuration, environment: Environment): FileKeyStore {
  const readAgain = () => openKeks(configuration, environment)
  const [kek, ...olderKeks] = readAgain()
  return createFileKeyStore({ kek, olderKeks, readAgain })
}

function kekIn(environment: Environment, variable: string): KeyEncryptionKey {
  return kekFromText(Secret.fromText((environment[variable] ?? '').trim()))
}

/** What is wrong with the key-encryption key itself: its form, or the mode of its file. */
export function checkKek(configuration: Configuration, environment: Environment): readonly Finding[] {
  const { kek_file: file, kek_env: variable, previous_kek_env: previous } = configuration.keys
  try {
    openKeks(configuration, environment)
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
            ? `Set ${name} to 32 random bytes in base64url (43 characters)${previous === undefined ? '' : `, and ${previous} to those before`}`
            : 'Put the file right, or restore it from its backup; `jotwarden init` makes a new one for a new store',
      },
    ]
  }
}
