import { Aggregate, defineEvent, definePermissions, newId } from '@app/kernel';
import { Controller, Get, Injectable, Module, Param, Post } from '@nestjs/common';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import { Public } from '../access/index.js';
import { createTenantTable, Database, dropTables } from '../database/index.js';
import { defineJob, Handles, Jobs, type Occasion, On } from '../events/index.js';
import { defineContext } from '../modules/index.js';

/** The smallest context there can be: what the platform's own tests stand on. */
export const NoteWritten = defineEvent<{ noteId: string; text: string }>('memos.written', 'A note was written');
export const Explode = defineJob<{ noteId: string }>('memos.explode', 'Fails as often as it is told to');
export const Tidy = defineJob<Occasion>('memos.tidy', 'Is there to be scheduled');
export const NotePermissions = definePermissions('memos', {
  read: { description: 'See notes', scoped: true },
  write: 'Write notes',
});

@Entity('notes')
export class Note extends Aggregate<Note> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly text: string;
  @Column('text', { nullable: true }) readonly secret: string | null;
  @Column('jsonb') readonly tags: string[];
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static write(text: string, id = newId()): Note {
    const note = new Note().change({ id, text, secret: 'hidden', tags: ['a'] });
    note.raise(NoteWritten({ noteId: note.id, text }));
    return note;
  }

  rewrite(text: string): void {
    this.change({ text });
    this.raise(NoteWritten({ noteId: this.id, text }));
  }
}

class Notes1763700000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    const columns = `id uuid not null, text text not null, secret text, tags jsonb not null default '[]', version int not null default 1,
      created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now(), constraint notes_text_is_short check (length(text) < 50)`;
    await createTenantTable(q, 'notes', columns, { audit: true, except: ['secret'] });
    await createTenantTable(
      q,
      'note_readings',
      'id uuid not null default gen_random_uuid(), note_id uuid not null, reader text not null',
      { audit: false, because: 'a test counts here' },
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'note_readings', 'notes');
  }
}

@Injectable()
export class NotesWorker {
  static failures = 0;
  static beforeFailure = (): Promise<void> => Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
  ) {}

  @On(NoteWritten)
  async read({ noteId }: { noteId: string }): Promise<void> {
    await this.db.query('insert into note_readings (tenant_id, note_id, reader) values (app_tenant(), $1, $2)', [
      noteId,
      'read',
    ]);
  }

  @On(NoteWritten)
  async readAgain({ noteId, text }: { noteId: string; text: string }): Promise<void> {
    await this.db.query('insert into note_readings (tenant_id, note_id, reader) values (app_tenant(), $1, $2)', [
      noteId,
      'again',
    ]);
    if (text === 'explosive') await this.jobs.enqueue(Explode, { noteId });
  }

  @Handles(Explode, { attempts: 2 })
  async explode({ noteId }: { noteId: string }): Promise<void> {
    await this.db.query('insert into note_readings (tenant_id, note_id, reader) values (app_tenant(), $1, $2)', [
      noteId,
      'exploded',
    ]);
    if (NotesWorker.failures-- <= 0) return;
    await NotesWorker.beforeFailure();
    throw new Error('as told');
  }

  @Handles(Tidy)
  tidy(): Promise<void> {
    return Promise.resolve();
  }
}

@Controller('notes')
export class NotesController {
  constructor(private readonly db: Database) {}

  @Get(':id')
  @Public()
  show(@Param('id') id: string): Promise<Note> {
    return this.db.get(Note, id);
  }

  @Post('broken')
  @Public()
  broken(): never {
    throw new Error('select secret from somewhere');
  }
}

@Module({ controllers: [NotesController] })
class NotesApiModule {}

@Module({ providers: [NotesWorker] })
class NotesWorkerModule {}

export const notesContext = defineContext({
  name: 'memos',
  version: '1.0.0',
  description: 'Notes of the tests',
  uses: [],
  api: NotesApiModule,
  worker: NotesWorkerModule,
  entities: [Note],
  migrations: [Notes1763700000001],
  permissions: [NotePermissions],
});
