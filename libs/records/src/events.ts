import { defineEvent } from '@app/kernel';

type OfNote = { noteId: string; recordKind: string; recordId: string };

export const NoteWritten = defineEvent<OfNote & { authorId: string; mentions: readonly string[] }>(
  'notes.written',
  'Somebody noted something about a record. `mentions`: the usernames that it calls.',
);
export const NoteEdited = defineEvent<OfNote & { authorId: string; mentions: readonly string[] }>(
  'notes.edited',
  'The author of a note changed it. `mentions`: the usernames that it did not call before.',
);
export const NoteRemoved = defineEvent<OfNote>('notes.removed', 'A note was removed.');
