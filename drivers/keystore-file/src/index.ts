export { KeyStoreError, type KeyStoreErrorCode } from './errors.ts'
export { createFileKeyStore, type FileKeyStore, type FileKeyStoreOptions } from './file-key-store.ts'
export { KeyEncryptionKey, kekFromText } from './kek.ts'
export { type KekFileOptions, openKekFile } from './kek-file.ts'
