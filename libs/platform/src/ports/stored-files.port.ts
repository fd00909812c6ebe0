import { definePort } from './port.js';

/**
 * Who keeps rows that name stored bytes. The same bytes are stored once, whoever names them: they are only removed when
 * nobody does any more.
 */
export interface StoredFiles {
  /** Whether a row of the current tenant names the bytes of this hash. */
  names(hash: string): Promise<boolean>;
}

export const StoredFilesPort = definePort<StoredFiles>('stored-files');
