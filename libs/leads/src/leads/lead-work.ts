import { Clock, type Permission } from '@app/kernel';
import { Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Lead } from './lead.entity.js';
import { OwnerUnknown, TeamUnknown } from './lead.errors.js';
import { LeadReach } from './lead.reach.js';

type Verb = (lead: Lead, now: Date) => unknown;
type Right = { readonly permission: Permission; readonly version: number | undefined; readonly isTrashed?: boolean };

/** One piece of work on one lead: may I, then one guarded statement that writes its row. */
@Injectable()
export class LeadWork {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: LeadReach,
  ) {}

  /** @throws OwnerUnknown, TeamUnknown */
  begin(lead: Lead): Promise<Lead> {
    return named(this.db.create(lead));
  }

  /** As whoever acts. @throws RecordNotFound, OutOfReach, VersionConflict, OwnerUnknown, TeamUnknown */
  async do(id: string, { permission, version, isTrashed = false }: Right, verb: Verb): Promise<Lead> {
    await this.reach.assert(id, permission, isTrashed);
    const change = this.db.change(Lead, id, version, (lead) => {
      // it may have gone into the trash, or come out of it, since it was asked for
      if ((lead.deletedAt !== null) !== isTrashed) throw new RecordNotFound('lead', id);
      return verb(lead, this.clock.now());
    });
    return named(change);
  }
}

const named = (written: Promise<Lead>): Promise<Lead> =>
  written
    .catch(onConstraint('leads_owner', () => new OwnerUnknown()))
    .catch(onConstraint('leads_team', () => new TeamUnknown()));
