import { AuthFacade } from '@app/auth';
import type { Actor } from '@app/kernel';
import { currentActor, currentTenantId, Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Inquiry } from './inquiry.entity.js';
import { AlreadyTaken, AssigneeUnknown, NotYours, TeamUnknown } from './inquiry.errors.js';
import { InquiryPermissions } from './inquiry.policy.js';
import { InquiryReach } from './inquiry.reach.js';
import { InquiryWork } from './inquiry-work.js';

const BATCH = 50;

type Assignment = { readonly assignedTo: string | null; readonly teamId?: string | null };

const isToward = ({ id, reachedTeams }: Actor, { assignedTo, teamId }: Assignment): boolean =>
  assignedTo === id || (teamId != null && reachedTeams.includes(teamId));

/** Whose work an inquiry is. */
@Injectable()
export class AssignmentService {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
    private readonly work: InquiryWork,
    private readonly auth: AuthFacade,
  ) {}

  /** Of all who try at once one gets it; the others learn who. @throws AlreadyTaken, NothingToDo, MessageHidden */
  async take(id: string): Promise<Inquiry> {
    await this.reach.assertTakeable(id);
    await this.reach.assertForTaker(id);
    const { id: taker } = currentActor();
    return this.db
      .change(Inquiry, id, undefined, (inquiry) => {
        if (inquiry.deletedAt) throw new RecordNotFound('inquiry', id); // it went into the trash meanwhile
        inquiry.take(taker);
      })
      .catch(onConstraint('inquiries_assignee', () => new AssigneeUnknown()))
      .catch((error: unknown) => this.nameTaker(error));
  }

  /** One's own, or anybody's whom one may assign. @throws NotYours */
  async release(id: string, version?: number): Promise<Inquiry> {
    await this.reach.assertReadable(id);
    const actor = currentActor();
    return this.work.doInside(id, version, async (inquiry) => {
      if (inquiry.assignedTo !== actor.id && !actor.can(InquiryPermissions.assign)) throw new NotYours();
      if (inquiry.assignedTo !== actor.id) await this.reach.assert(id, InquiryPermissions.assign);
      inquiry.release();
    });
  }

  /** @throws AssigneeUnknown, TeamUnknown, NothingToDo, MessageHidden */
  async assign(id: string, to: Assignment, version?: number): Promise<Inquiry> {
    if (to.assignedTo && !(await this.auth.userExists(to.assignedTo))) throw new AssigneeUnknown();
    return this.work
      .do(id, { permission: InquiryPermissions.assign, version }, async (inquiry) => {
        // to oneself, or where one reads what is for the team: as if one took it
        if (isToward(currentActor(), to)) await this.reach.assertForTaker(id);
        inquiry.assign(to);
      })
      .catch(onConstraint('inquiries_team', () => new TeamUnknown()))
      .catch(onConstraint('inquiries_assignee', () => new AssigneeUnknown()));
  }

  /** A batch of the unfinished inquiries of somebody who left; whether that was all. */
  async releaseSome(userId: string): Promise<boolean> {
    const some = await this.db.query<{ id: string }>(
      `select id from inquiries where tenant_id = $1 and assigned_to = $2 and status not in ('closed', 'spam', 'merged') order by id limit ${BATCH}`,
      [currentTenantId(), userId],
    );
    for (const { id } of some) await this.work.doInside(id, undefined, (inquiry) => inquiry.release());
    return some.length < BATCH;
  }

  private async nameTaker(error: unknown): Promise<never> {
    if (!(error instanceof AlreadyTaken)) throw error;
    const [assignee] = await this.auth.usersByIds([error.assignee.id]);
    throw new AlreadyTaken(error.inquiryId, { id: error.assignee.id, name: assignee?.name ?? null });
  }
}
