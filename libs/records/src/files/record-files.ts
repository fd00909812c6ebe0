import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

export type HeldFile = { readonly recordId: string; readonly name: string; readonly mimeType: string };

/** What contexts ask of the files on their records. */
@Injectable()
export class RecordFiles {
  constructor(private readonly db: Database) {}

  /**
   * The files on these records whose latest bytes may be opened; what waits for a look or is infected is none. In the open
   * transaction, until whose end nobody removes them or hands in others.
   */
  holdOn(kind: string, recordIds: readonly string[]): Promise<HeldFile[]> {
    if (!this.db.isInTransaction) throw new Error('A lock outside a transaction holds nothing');
    return this.db.query<HeldFile>(
      `select f.record_id as "recordId", f.name, v.mime_type as "mimeType" from files f
         join file_versions v on v.tenant_id = f.tenant_id and v.file_id = f.id and v.number = f.latest
        where f.tenant_id = $1 and f.record_kind = $2 and f.record_id = any ($3::uuid[]) and v.state = 'available'
        order by f.id for share of f`,
      [currentTenantId(), kind, recordIds],
    );
  }
}
