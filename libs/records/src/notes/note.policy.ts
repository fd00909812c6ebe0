import { definePermissions } from '@app/kernel';

export const NotePermissions = definePermissions('notes', {
  read: 'Read the notes on records that one may read.',
  write: 'Note something about records that one may change.',
  moderate: 'Remove notes that others wrote.',
});
