import type { StoreErrorCode } from '@jotwarden/store-sqlite'
import type { Explanation } from '../explanation.ts'

/** The file that everything is kept in. */
export const storeRows: Readonly<Record<StoreErrorCode, Explanation>> = {
  'store/closed': {
    means: 'The store was closed.',
    matters: 'What is asked of it afterwards is not done.',
    sources: [],
    mend: 'Close it after the server has answered its last request.',
  },
  'store/busy': {
    means: 'Another process held the file for too long. Nothing was changed.',
    matters: 'An act happens wholly or not at all.',
    sources: [],
    mend: 'Try again. If it stays, look for a backup or another program that keeps the file open.',
  },
  'store/exists': {
    means: 'An identifier, or a file, that must be new is there already.',
    matters: 'Overwriting would lose what it stands for.',
    sources: [],
    mend: 'Choose another name.',
  },
  'store/issuer': {
    means: 'A row names another issuer than the call.',
    matters: 'No issuer sees or writes what belongs to another.',
    sources: [],
    mend: 'It is a fault of the program that called; pass the rows of one issuer.',
  },
  'store/newer-schema': {
    means: 'A newer version of this software has written the file.',
    matters: 'An older one would not understand, and could destroy, what it finds.',
    sources: [],
    mend: 'Update the software, or restore the copy that was made before the update.',
  },
  'store/not-ours': {
    means: 'The file holds something else: another program wrote it, it is empty, or it is no database.',
    matters: 'It is not overwritten.',
    sources: [],
    mend: 'Correct the path in the configuration.',
  },
  'store/file-mode': {
    means: 'Others than its owner may read or write the file.',
    matters: 'It holds hashes of passwords and the rows behind every session.',
    sources: ['CWE-732'],
    mend: 'Run `chmod 600` on it.',
  },
  'store/in-use': {
    means: 'A server or a command uses the file.',
    matters: 'Putting a copy in its place now would lose what is being written.',
    sources: [],
    mend: 'Stop the server first.',
  },
  'store/copy-place': {
    means:
      'A copy may not lie there: beside the store, at the store itself, or in a folder that does not exist.',
    matters: 'A copy in the same folder is lost together with the store.',
    sources: [],
    mend: 'Name a folder on another disk.',
  },
  'store/damaged': {
    means: 'The file is not whole.',
    matters: 'Reading on could give answers that were never written.',
    sources: [],
    mend: 'Stop the server, look at the disk, and run `jotwarden store restore` with the last good copy.',
  },
  'store/failed': {
    means: 'The disk or the database refused. The act was not done; the cause says how it failed.',
    matters: 'A full disk, or a file system without locks, stops everything that has to be durable.',
    sources: [],
    mend: 'Look at free space and permissions, and keep the store on a local disk.',
  },
}
