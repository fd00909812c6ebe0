import { AuthFacade } from '@app/auth';
import { Messaging } from '@app/messaging';
import { Injectable } from '@nestjs/common';
import type { ApprovalRequest } from '../requests/approval-request.entity.js';
import { type Addressee, ApproverRoll } from '../requests/approver-roll.js';
import type { Relief } from '../requests/seats.js';
import { patienceMail } from './patience-mail.js';

/** As many as one mail takes. */
const MOST_REMINDED = 50;

/** Who is told, and who comes to help. */
@Injectable()
export class PatiencePeople {
  constructor(
    private readonly roll: ApproverRoll,
    private readonly auth: AuthFacade,
    private readonly messaging: Messaging,
  ) {}

  ableTo({ id }: ApprovalRequest, now: Date): Promise<Addressee[]> {
    return this.roll.ableTo(id, now, MOST_REMINDED);
  }

  async remind(request: ApprovalRequest, now: Date): Promise<void> {
    const people = await this.ableTo(request, now);
    if (people.length) await this.messaging.send(patienceMail('reminder', request, people));
  }

  /** Tells who it was passed on to. False where that person cannot decide on it. */
  async pass(request: ApprovalRequest, userId: string, now: Date): Promise<boolean> {
    const [person] = await this.roll.ableTo(request.id, now, 1, userId);
    if (person) await this.messaging.send(patienceMail('handover', request, [person]));
    return person !== undefined;
  }

  /** Those who may decide now and could not before; everybody who may, where these are the same. */
  async call(request: ApprovalRequest, before: readonly Addressee[], now: Date): Promise<void> {
    const people = await this.ableTo(request, now);
    const newcomers = people.filter(({ id }) => !before.some((one) => one.id === id));
    const called = newcomers.length ? newcomers : people;
    if (called.length) await this.messaging.send(patienceMail('escalation', request, called));
  }

  /** The role that the policy names, else the leads of the team; where none of them could decide, whoever may at all. */
  async reliefFor({ id, policy, teamId }: ApprovalRequest): Promise<Relief> {
    const roleId = policy?.patience?.escalateToRoleId;
    const roles = roleId ? [roleId] : [];
    const members = teamId && !roleId ? await this.auth.membersOf(teamId) : [];
    const leads = members.filter(({ isLead }) => isLead).map((lead) => lead.id);
    const able = await this.roll.couldDecide(id, leads, roles);
    return { users: leads.filter((lead) => able.includes(lead)), roles, scope: able.length ? null : 'anyone' };
  }
}
