import { currentActor, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Host, Hosts } from '../hosts/hosts.js';
import { Note } from './note.entity.js';
import { NotePermissions } from './note.policy.js';
import { NotesQueries } from './notes.queries.js';

/** Notes on records: to note something is to change the record. */
@Injectable()
export class NotesService {
  constructor(
    private readonly db: Database,
    private readonly hosts: Hosts,
    private readonly queries: NotesQueries,
  ) {}

  /** @throws RecordKindUnknown, RecordNotFound, RecordOutOfReach */
  write({ recordKind, recordId, body }: Host & { body: string }): Promise<Note> {
    return this.db.transaction(async () => {
      await this.hosts.assertChangeable({ recordKind, recordId });
      return this.db.create(Note.write({ recordKind, recordId, body, createdBy: currentActor().id }));
    });
  }

  /** @throws RecordNotFound, RecordOutOfReach, NoteOfAnother, VersionConflict */
  edit(id: string, body: string, version?: number): Promise<Note> {
    return this.inside(id, version, async (note) => {
      note.edit(body, currentActor().id);
      return this.db.save(note);
    });
  }

  /** @throws RecordNotFound, RecordOutOfReach, NoteOfAnother, VersionConflict */
  remove(id: string, version?: number): Promise<void> {
    return this.inside(id, version, (note) => {
      note.remove(currentActor().id, currentActor().can(NotePermissions.moderate));
      return this.db.remove(note);
    });
  }

  /** The record first and what hangs on it then: in this order they are also deleted. */
  private async inside<T>(id: string, version: number | undefined, work: (note: Note) => Promise<T>): Promise<T> {
    const host = await this.queries.readable(id);
    return this.db.transaction(async () => {
      await this.hosts.assertChangeable(host);
      return work(await this.db.lock(Note, id, version));
    });
  }
}
