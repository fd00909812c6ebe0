import { IsString, IsUUID, Length, Matches } from 'class-validator';
import type { Note } from './note.entity.js';

const LONGEST_BODY = 20_000;

export class EditNoteDto {
  /**
   * Who is mentioned by username is told by mail, up to twenty of them.
   * @example "Asked for an invoice by post. @sales, please keep it in mind."
   */
  @IsString()
  @Length(1, LONGEST_BODY)
  @Matches(/\S/, { message: 'must say something' })
  body: string;
}

export class WriteNoteDto extends EditNoteDto {
  /**
   * What kind of record it is about: `customers`, `inquiries`.
   * @example "customers"
   */
  @IsString()
  @Length(1, 50)
  recordKind: string;

  /** @example "01920000-0001-7004-8000-000000000001" */
  @IsUUID()
  recordId: string;
}

export class NoteView {
  id: string;
  recordKind: string;
  recordId: string;
  body: string;
  createdBy: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const toNoteView = (note: Note): NoteView => {
  const { id, recordKind, recordId, body, createdBy, version, createdAt, updatedAt } = note;
  return { id, recordKind, recordId, body, createdBy, version, createdAt, updatedAt };
};
