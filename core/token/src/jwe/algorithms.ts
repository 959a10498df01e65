/** The key management algorithms that are accepted (RFC 7518 §4.1, RFC 8037 §3.2). RSA1_5 and RSA-OAEP with SHA-1 do not exist here. */
export type JweAlgorithm =
  | 'dir'
  | 'A128KW'
  | 'A192KW'
  | 'A256KW'
  | 'A128GCMKW'
  | 'A192GCMKW'
  | 'A256GCMKW'
  | 'RSA-OAEP-256'
  | 'ECDH-ES'
  | 'ECDH-ES+A128KW'
  | 'ECDH-ES+A192KW'
  | 'ECDH-ES+A256KW'
  | 'PBES2-HS256+A128KW'
  | 'PBES2-HS384+A192KW'
  | 'PBES2-HS512+A256KW'

/** The content encryption algorithms that are accepted (RFC 7518 §5.1). */
export type JweEncryption =
  | 'A128GCM'
  | 'A192GCM'
  | 'A256GCM'
  | 'A128CBC-HS256'
  | 'A192CBC-HS384'
  | 'A256CBC-HS512'

/** How the content encryption key comes to the recipient (RFC 7516 §2). */
export type KeyManagement =
  | 'direct'
  | 'wrapped'
  | 'gcm-wrapped'
  | 'rsa'
  | 'agreed'
  | 'agreed-wrapped'
  | 'password'

/** Everything this package knows of one key management algorithm. */
export interface JweAlgorithmEntry {
  readonly alg: JweAlgorithm
  readonly management: KeyManagement
  /** In bytes, of a symmetric key; null where the key is none or the content encryption decides. */
  readonly keyLength: number | null
  /** Header parameters that this algorithm adds; those it adds not have no place beside it. */
  readonly parameters: readonly string[]
  /** Length of the encrypted key in bytes for a content encryption key of that length; null where the modulus decides. */
  encryptedKeyLength(cekLength: number): number | null
}

/** Everything this package knows of one content encryption algorithm; all lengths are in bytes. */
export interface JweEncryptionEntry {
  readonly enc: JweEncryption
  readonly keyLength: number
  readonly ivLength: number
  readonly tagLength: number
  /** The ciphertext is a whole number of blocks; a stream has blocks of one byte. */
  readonly blockLength: number
}

/** Looks a name up as it is written, compared case-sensitively (RFC 7516 §4.1.1). */
export function jweAlgorithmEntry(alg: string): JweAlgorithmEntry | undefined {
  return algorithms.get(alg)
}

/** Looks a name up as it is written, compared case-sensitively (RFC 7516 §4.1.2). */
export function jweEncryptionEntry(enc: string): JweEncryptionEntry | undefined {
  return encryptions.get(enc)
}

type Lengths = Pick<JweAlgorithmEntry, 'keyLength' | 'parameters' | 'encryptedKeyLength'>

function row(alg: JweAlgorithm, management: KeyManagement, lengths: Lengths): JweAlgorithmEntry {
  return { alg, management, ...lengths }
}

/** AES Key Wrap adds one block of 8 bytes (RFC 3394 §2.2.1). */
function wrapped(keyLength: number | null, parameters: readonly string[] = []): Lengths {
  return { keyLength, parameters, encryptedKeyLength: (cekLength) => cekLength + 8 }
}

function gcmWrapped(keyLength: number): Lengths {
  return { keyLength, parameters: ['iv', 'tag'], encryptedKeyLength: (cekLength) => cekLength }
}

function empty(parameters: readonly string[]): Lengths {
  return { keyLength: null, parameters, encryptedKeyLength: () => 0 }
}

function gcm(enc: JweEncryption, keyLength: number): JweEncryptionEntry {
  return { enc, keyLength, ivLength: 12, tagLength: 16, blockLength: 1 }
}

/** RFC 7518 §5.2.2.1: the key holds a MAC key and a cipher key of equal length, the tag is as long as one of them. */
function cbc(enc: JweEncryption, keyLength: number): JweEncryptionEntry {
  return { enc, keyLength, ivLength: 16, tagLength: keyLength / 2, blockLength: 16 }
}

const AGREEMENT = ['epk', 'apu', 'apv']
const PASSWORD = ['p2s', 'p2c']

const algorithms: ReadonlyMap<string, JweAlgorithmEntry> = new Map(
  [
    row('dir', 'direct', empty([])),
    row('A128KW', 'wrapped', wrapped(16)),
    row('A192KW', 'wrapped', wrapped(24)),
    row('A256KW', 'wrapped', wrapped(32)),
    row('A128GCMKW', 'gcm-wrapped', gcmWrapped(16)),
    row('A192GCMKW', 'gcm-wrapped', gcmWrapped(24)),
    row('A256GCMKW', 'gcm-wrapped', gcmWrapped(32)),
    row('RSA-OAEP-256', 'rsa', { keyLength: null, parameters: [], encryptedKeyLength: () => null }),
    row('ECDH-ES', 'agreed', empty(AGREEMENT)),
    row('ECDH-ES+A128KW', 'agreed-wrapped', wrapped(null, AGREEMENT)),
    row('ECDH-ES+A192KW', 'agreed-wrapped', wrapped(null, AGREEMENT)),
    row('ECDH-ES+A256KW', 'agreed-wrapped', wrapped(null, AGREEMENT)),
    row('PBES2-HS256+A128KW', 'password', wrapped(null, PASSWORD)),
    row('PBES2-HS384+A192KW', 'password', wrapped(null, PASSWORD)),
    row('PBES2-HS512+A256KW', 'password', wrapped(null, PASSWORD)),
  ].map((entry) => [entry.alg, entry]),
)

const encryptions: ReadonlyMap<string, JweEncryptionEntry> = new Map(
  [
    gcm('A128GCM', 16),
    gcm('A192GCM', 24),
    gcm('A256GCM', 32),
    cbc('A128CBC-HS256', 32),
    cbc('A192CBC-HS384', 48),
    cbc('A256CBC-HS512', 64),
  ].map((entry) => [entry.enc, entry]),
)

/** Parameters of RFC 7518 §4.6.1, §4.7.1 and §4.8.1: one beside an algorithm that does not use it means that readers may disagree. */
export const managementParameters: readonly string[] = ['epk', 'apu', 'apv', 'iv', 'tag', 'p2s', 'p2c']
