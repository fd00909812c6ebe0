import { currentTenantId, Database, type Ownership, OwnershipPort, type Passage, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryWork } from './inquiry-work.js';

const THEIRS = `from inquiries i where i.tenant_id = $1 and i.assigned_to = $2 and i.deleted_at is null
  and i.status not in ('closed', 'spam', 'merged')`;

/** Inquiries that somebody works on; what is over stays theirs, as they left it. */
@Injectable()
@Provides(OwnershipPort)
export class InquiriesOwnership implements Ownership {
  readonly kind = 'inquiries';
  readonly columns = ['inquiries.assigned_to'];

  constructor(
    private readonly db: Database,
    private readonly work: InquiryWork,
  ) {}

  async count(from: string): Promise<number> {
    const row = await this.db.one<{ count: number }>(`select count(*)::int as count ${THEIRS}`, [
      currentTenantId(),
      from,
    ]);
    return row?.count ?? 0;
  }

  async pass({ from, to }: Passage): Promise<number> {
    const theirs = await this.db.query<{ id: string }>(`select i.id ${THEIRS} order by i.id for update`, [
      currentTenantId(),
      from,
    ]);
    for (const { id } of theirs) {
      await this.work.doInside(id, undefined, (inquiry) => inquiry.assign({ assignedTo: to }));
    }
    return theirs.length;
  }
}
