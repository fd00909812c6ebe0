import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NoteEdited, NoteRemoved, NoteWritten } from '../events.js';
import { mentionsIn } from '../noticing/mention.js';
import { NoteOfAnother } from './note.errors.js';

export type NewNote = {
  readonly recordKind: string;
  readonly recordId: string;
  readonly body: string;
  readonly createdBy: string;
};

/** What somebody noted about a record. Its words are its author's alone. */
@Entity('notes')
export class Note extends Aggregate<Note> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly recordKind: string;
  @Column('uuid') readonly recordId: string;
  @Column('text') readonly body: string;
  @Column('uuid') readonly createdBy: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static write(words: NewNote): Note {
    const note = new Note().change({ ...words, id: newId() });
    note.raise(NoteWritten({ ...note.told, authorId: words.createdBy, mentions: mentionsIn(words.body) }));
    return note;
  }

  /** @throws NoteOfAnother */
  edit(body: string, by: string): void {
    if (by !== this.createdBy) throw new NoteOfAnother();
    if (body === this.body) return;
    const known = mentionsIn(this.body);
    this.change({ body });
    const mentions = mentionsIn(body).filter((name) => !known.includes(name));
    this.raise(NoteEdited({ ...this.told, authorId: by, mentions }));
  }

  /** By its author, or by who may remove those of others. @throws NoteOfAnother */
  remove(by: string, mayModerate: boolean): void {
    if (by !== this.createdBy && !mayModerate) throw new NoteOfAnother();
    this.raise(NoteRemoved(this.told));
  }

  private get told(): { noteId: string; recordKind: string; recordId: string } {
    return { noteId: this.id, recordKind: this.recordKind, recordId: this.recordId };
  }
}
