import { definePermissions } from '@app/kernel';

export const FilePermissions = definePermissions('files', {
  read: 'See and download the files on records that one may read.',
  write: 'Add files to records that one may change.',
  moderate: 'Remove files that others added.',
});

/** Quarantined: nobody gets it before it was looked into. */
export const FILE_STATES = ['available', 'quarantined', 'infected'] as const;
export type FileState = (typeof FILE_STATES)[number];

export const MOST_FILE_BYTES = 25 * 1024 * 1024;
/** How long a link leads to the file: five minutes. */
export const LINK_LIFE_MS = 300_000;
