import { Clock } from '@app/kernel';
import {
  askedOf,
  currentActor,
  Database,
  type Exportable,
  ExportablePort,
  type ExportFormat,
  Jobs,
  Ports,
  searchOf,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { JobsService } from '../jobs/jobs.service.js';
import { RecordExport } from './export.entity.js';
import { EntityUnknown, PermissionMissing } from './export.errors.js';
import { EXPORT_DAYS } from './export.policy.js';
import { ForgetExport } from './exports.jobs.js';

export type AskedExport = {
  readonly entity: string;
  readonly format: ExportFormat;
  readonly query: Record<string, unknown>;
};

/** Lists as files, made by a job. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly later: Jobs,
    private readonly jobs: JobsService,
    private readonly ports: Ports,
  ) {}

  /** On record before anything is read. Answers the job. @throws EntityUnknown, PermissionMissing, Invalid for a wrong query */
  async ask({ entity, format, query }: AskedExport): Promise<string> {
    const of = exportable(this.ports, entity);
    if (!currentActor().can(of.permission)) throw new PermissionMissing(of.permission.name);
    const asked = askedOf(await searchOf(this.ports, of.spec, query));
    return this.db.transaction(async () => {
      const createdBy = currentActor().id;
      const one = await this.db.create(RecordExport.ask({ entity, format, query, createdBy }));
      await this.db.audit(entity, one.id, 'exported', { after: { format, ...asked } });
      const job = await this.jobs.begin('exports.write', one.id);
      await this.db.change(RecordExport, one.id, undefined, (made) => made.giveTo(job.id));
      const over = new Date(this.clock.now().getTime() + EXPORT_DAYS * 86_400_000);
      await this.later.enqueue(ForgetExport, { exportId: one.id }, over);
      return job.id;
    });
  }
}

/** @throws EntityUnknown */
export function exportable(ports: Ports, entity: string): Exportable {
  const known = ports.all(ExportablePort);
  const found = known.find(({ kind }) => kind === entity);
  if (!found) throw new EntityUnknown(known.map(({ kind }) => kind).sort());
  return found;
}
