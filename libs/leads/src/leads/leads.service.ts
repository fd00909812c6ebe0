import { currentActor } from '@app/platform';
import { CustomFields, type FieldMerge } from '@app/records';
import { Injectable } from '@nestjs/common';
import { Lead } from './lead.entity.js';
import { OutOfReach } from './lead.errors.js';
import { LeadPermissions } from './lead.policy.js';
import { LeadWork } from './lead-work.js';
import { readLead, type WrittenLead } from './written-lead.js';

export type Beginning = WrittenLead & { readonly name: string; ownerId?: string | null; mailHash?: string | null };

const { update, assign, delete: remove } = LeadPermissions;
const UNSAID = {
  ...{ email: null, phone: null, company: null, subject: null, message: null, teamId: null, nextAction: null },
  utm: {},
} as const;

/** The record itself. */
@Injectable()
export class LeadsService {
  constructor(
    private readonly work: LeadWork,
    private readonly fields: CustomFields,
  ) {}

  /**
   * Of the only team of whoever writes it down, unless it names another. Somebody else's from the beginning takes the right
   * to give leads away. @throws OutOfReach, OwnerUnknown, TeamUnknown, ValuesInvalid
   */
  async begin({ ownerId, mailHash, ...given }: Beginning): Promise<Lead> {
    const actor = currentActor();
    if (ownerId && ownerId !== actor.id && !actor.can(assign)) throw new OutOfReach(assign);
    const onlyTeam = actor.teams.length === 1 ? (actor.teams[0] ?? null) : null;
    const teamId = given.teamId === undefined ? onlyTeam : given.teamId;
    const document = { ...readLead(given), name: given.name, teamId, ownerId, mailHash, createdBy: actor.id };
    return this.fields.merge('leads', given.customFields, 'onto', (after) =>
      this.work.begin(Lead.begin({ ...document, customFields: after({}) ?? {} })),
    );
  }

  /** @throws RecordNotFound, OutOfReach, LeadNotLive, TeamUnknown, ValuesInvalid */
  edit(id: string, to: WrittenLead, version?: number): Promise<Lead> {
    return this.rewrite(id, to, version, 'onto', (lead) => readLead(to, lead));
  }

  /** What is not named is emptied, but for custom fields where none are: who does not know of them takes none away. */
  replace(id: string, to: WrittenLead, version?: number): Promise<Lead> {
    return this.rewrite(id, to, version, 'insteadOf', () => readLead({ ...UNSAID, ...to }));
  }

  /** @throws RecordNotFound, OutOfReach, LeadNotLive, OwnerUnknown */
  assign(id: string, ownerId: string, version?: number): Promise<Lead> {
    return this.work.do(id, { permission: assign, version }, (lead) => lead.assignTo(ownerId));
  }

  async trash(id: string, version?: number): Promise<void> {
    const { id: by } = currentActor();
    await this.work.do(id, { permission: remove, version }, (lead, now) => lead.trash(by, now));
  }

  restore(id: string, version?: number): Promise<Lead> {
    return this.work.do(id, { permission: remove, version, isTrashed: true }, (lead) => lead.restore());
  }

  private rewrite(
    id: string,
    { customFields }: WrittenLead,
    version: number | undefined,
    how: FieldMerge,
    read: (lead: Lead) => ReturnType<typeof readLead>,
  ): Promise<Lead> {
    return this.fields.merge('leads', customFields, how, (after) =>
      this.work.do(id, { permission: update, version }, (lead) =>
        lead.edit({ ...read(lead), customFields: after(lead.customFields) }),
      ),
    );
  }
}
