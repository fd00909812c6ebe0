import {
  currentActor,
  currentTenantId,
  Database,
  type FileForm,
  FileStore,
  FileTooLarge,
  FORM_BYTES,
  HEAD_BYTES,
  holdBytes,
  Jobs,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { JobsService } from '../jobs/jobs.service.js';
import { RecordImport } from './import.entity.js';
import { MOST_IMPORT_BYTES } from './import.policy.js';
import { Importables } from './importables.js';
import { ForgetImport, IMPORT_DAYS } from './imports.jobs.js';
import { assertMapping, type Mapping } from './mapping.js';
import { headOf } from './reading/csv-head.js';
import type { CsvShape } from './reading/csv-rows.js';

type Upload = Partial<CsvShape> & { readonly entity: string; readonly file: string };

/** Imports, as who runs them asks: a file, which column is which field, and then the rows, tried or for good. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly db: Database,
    private readonly files: FileStore,
    private readonly later: Jobs,
    private readonly jobs: JobsService,
    private readonly importables: Importables,
  ) {}

  /** @throws EntityUnknown, PermissionMissing, FileTooLarge, what `FileForm.read` and what `headOf` throws */
  async upload(form: FileForm<Upload>): Promise<string> {
    if (form.announced > MOST_IMPORT_BYTES + FORM_BYTES) throw new FileTooLarge(MOST_IMPORT_BYTES);
    const file = await form.read(
      (fields, head) => this.accept(fields, head),
      (bytes) => this.files.put(bytes, MOST_IMPORT_BYTES),
    );
    return this.db.transaction(async () => {
      await holdBytes(this.db, file.hash);
      (await this.files.open(file.hash)).destroy(); // nobody removed it since it was put
      const made = await this.db.create(RecordImport.upload({ ...file, createdBy: currentActor().id }));
      await this.later.enqueue(ForgetImport, { importId: made.id }, inDays(made.createdAt, IMPORT_DAYS));
      return made.id;
    });
  }

  /** @throws RecordNotFound, MappingRefused, PermissionMissing, InvalidTransition, and what `headOf` throws */
  async map(id: string, mapping: Mapping, said: Partial<CsvShape>, version?: number): Promise<void> {
    const found = await this.mine(id);
    const importable = this.importables.named(found.entity);
    this.importables.assertMay(importable, mapping.mode);
    const { encoding = found.encoding, delimiter = found.delimiter } = said;
    const head = await headOf(await this.beginning(found.hash), { encoding, delimiter });
    assertMapping(mapping, head.columns, await this.importables.fieldsFor(importable, mapping));
    await this.db.change(RecordImport, id, version, (one) => one.map(mapping, head));
  }

  /** The same as `run`, each portion taken back at its end. Answers the job. @throws NotMapped, PermissionMissing, InvalidTransition */
  check(id: string): Promise<string> {
    return this.begin(id, 'imports.check', (one, jobId) => one.check(jobId));
  }

  /** Answers the job. @throws NotMapped, PermissionMissing, InvalidTransition while it runs or when it has */
  run(id: string): Promise<string> {
    return this.begin(id, 'imports.run', (one, jobId) => one.run(jobId));
  }

  /** Answers the job. @throws PermissionMissing, InvalidTransition */
  undo(id: string): Promise<string> {
    return this.begin(id, 'imports.undo', (one, jobId) => one.undo(jobId));
  }

  private async accept({ entity, file: name, encoding, delimiter }: Upload, head: Buffer) {
    const importable = this.importables.named(entity);
    if (!currentActor().can(importable.updates)) this.importables.assertMay(importable, 'create');
    return { entity, name, ...(await headOf(head, { encoding, delimiter })) };
  }

  private async begin(id: string, kind: string, verb: (one: RecordImport, jobId: string) => void): Promise<string> {
    await this.mine(id);
    return this.db.transaction(async () => {
      const one = await this.db.lock(RecordImport, id);
      this.assertMay(one, kind);
      const job = await this.jobs.begin(kind, id, await this.standOf(one, kind));
      verb(one, job.id);
      await this.db.save(one);
      return job.id;
    });
  }

  private assertMay({ entity, mapping }: RecordImport, kind: string): void {
    const importable = this.importables.named(entity);
    if (kind === 'imports.undo') this.importables.assertMayUndo(importable);
    else if (mapping) this.importables.assertMay(importable, mapping.mode);
  }

  /** What an import that stopped has done of its rows. */
  private async standOf({ id, pass, isFresh, rowCount }: RecordImport, kind: string) {
    if (kind === 'imports.check' || (kind === 'imports.run' && isFresh)) return { total: rowCount };
    const row = await this.db.one<{ done: number; undoable: number }>(
      `select count(*)::int as done, count(*) filter (where outcome in ('created', 'updated'))::int as undoable
        from import_rows where tenant_id = $1 and import_id = $2 and pass = $3`,
      [currentTenantId(), id, pass],
    );
    return kind === 'imports.undo' ? { total: row?.undoable ?? 0 } : { total: rowCount, done: row?.done ?? 0 };
  }

  /** One's own, since its rows are what one’s own rights made of them. @throws RecordNotFound */
  private async mine(id: string): Promise<RecordImport> {
    const found = await this.db.find(RecordImport, id);
    if (found?.createdBy !== currentActor().id) throw new RecordNotFound('import', id);
    return found;
  }

  private async beginning(hash: string): Promise<Buffer> {
    const stream = await this.files.open(hash);
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if ((length += chunk.length) >= HEAD_BYTES) break;
    }
    return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
  }
}

const inDays = (from: Date, days: number): Date => new Date(from.getTime() + days * 86_400_000);
