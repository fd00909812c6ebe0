import { currentTenantId, Database, Jobs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Inquiry } from '../inquiries/inquiry.entity.js';
import { DistributeTeam } from './distribution.jobs.js';

export type Hands = { readonly teamId: string | null; readonly isOffered: boolean; readonly worker: string | null };

/** Whether an inquiry waits to be given to somebody, and who has work with it. */
export const handsOf = ({ assignedTo, teamId, status, deletedAt }: Inquiry): Hands => {
  const isWork = (status === 'new' || status === 'open') && deletedAt === null;
  return { teamId, isOffered: isWork && assignedTo === null && teamId !== null, worker: isWork ? assignedTo : null };
};

/** Calls for a distribution where there is something new to give, or somebody with less to do. */
@Injectable()
export class DistributionCalls {
  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
  ) {}

  /** In the open transaction. */
  async follow(before: Hands | null, after: Hands): Promise<void> {
    const isNew = after.isOffered && !(before?.isOffered && before.teamId === after.teamId);
    const isFreed = before?.worker != null && before.worker !== after.worker;
    if (isNew || isFreed) await this.call(after.teamId);
  }

  async call(teamId: string | null, at?: Date): Promise<void> {
    if (teamId && (await this.hasRule(teamId))) await this.jobs.enqueue(DistributeTeam, { teamId }, at);
  }

  private async hasRule(teamId: string): Promise<boolean> {
    const found = await this.db.one('select 1 from distribution_rules where tenant_id = $1 and id = $2', [
      currentTenantId(),
      teamId,
    ]);
    return found !== undefined;
  }
}
