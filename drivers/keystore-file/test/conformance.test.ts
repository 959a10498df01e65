import { keyStoreSuite } from '@jotwarden/conformance'
import { createFileKeyStore, KeyEncryptionKey } from '@jotwarden/keystore-file'
import { test } from 'vitest'

const kek = new KeyEncryptionKey(Buffer.alloc(32, 1))

keyStoreSuite({ open: async () => createFileKeyStore({ kek }) }, { test })
