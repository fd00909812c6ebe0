import { newId } from '@app/kernel';
import { type NewNote, Note } from './notes/note.entity.js';

/** A note as it has just been written, its first event told. */
export function aNote(over: Partial<NewNote> = {}): Note {
  const words = { recordKind: 'customers', recordId: newId(), body: 'Prefers to be called.', createdBy: newId() };
  const note = Note.write({ ...words, ...over });
  note.releaseEvents();
  return note;
}
