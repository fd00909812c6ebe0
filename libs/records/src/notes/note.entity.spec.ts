import { newId } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { NoteEdited, NoteRemoved } from '../events.js';
import { aNote } from '../testing.js';
import { NoteOfAnother } from './note.errors.js';

describe('Note', () => {
  it('is edited by its author alone, and calls only whom it did not call before', () => {
    const note = aNote({ body: 'Ask @clara.' });
    const { id: noteId, recordKind, recordId, createdBy } = note;
    expect(() => note.edit('Mine now', newId())).toThrow(NoteOfAnother);
    note.edit('Ask @clara or @max.', createdBy);
    note.edit('Ask @clara or @max.', createdBy);
    expect(note.releaseEvents()).toEqual([
      NoteEdited({ noteId, recordKind, recordId, authorId: createdBy, mentions: ['max'] }),
    ]);
  });

  it('is removed by its author, or by who may remove those of others', () => {
    const note = aNote();
    const { id: noteId, recordKind, recordId, createdBy } = note;
    expect(() => note.remove(newId(), false)).toThrow(NoteOfAnother);
    note.remove(createdBy, false);
    note.remove(newId(), true);
    expect(note.releaseEvents()).toEqual(Array(2).fill(NoteRemoved({ noteId, recordKind, recordId })));
  });
});
