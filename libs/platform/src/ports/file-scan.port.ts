import type { Readable } from 'node:stream';
import { definePort } from './port.js';

/** Looks into what people upload before anybody else gets it, such as for viruses. */
export interface FileScan {
  /** Its name in verdicts: `clamav`. */
  readonly name: string;
  /** What was found, or null. Throws when it could not look: the file waits, and is looked at again. */
  find(content: Readable): Promise<string | null>;
}

export const FileScanPort = definePort<FileScan>('file-scan');
