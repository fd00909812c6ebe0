import type { Actor } from '@app/kernel';
import { currentActor, currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MessageHidden } from '../inquiries/inquiry.errors.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryReach, reachWithHome } from '../inquiries/inquiry.reach.js';
import { InquiryHomes } from '../merging/inquiry-homes.js';
import { conversationOpen } from '../visibility/words.reach.js';

/**
 * SQL: the words of the side conversation `alias`, a row of side_conversations, are for the actor: whoever writes with others
 * about an inquiry may quote all of it, so they are for whoever may read all of it; and where an answer came in by a mailbox
 * that is not for all, for those who take part, or its team.
 */
export function sideShown(alias: string, actor: Actor, params: unknown[]): string {
  if (actor.kind === 'system') return 'true';
  const whole = conversationOpen(`${alias}.inquiry_id`, actor, params);
  const [me, teams] = [`$${params.push(actor.id)}::uuid`, `$${params.push(actor.reachedTeams)}::uuid[]`];
  return `(${whole} and (${alias}.visibility = 'all' or ${alias}.started_by = ${me}
    or exists (select 1 from side_messages own where own.tenant_id = ${alias}.tenant_id
      and own.side_conversation_id = ${alias}.id and own.author_id = ${me})
    or exists (select 1 from inquiries about left join inquiries home on home.tenant_id = about.tenant_id and home.id = about.merged_into
      where about.tenant_id = ${alias}.tenant_id and about.id = ${alias}.inquiry_id
        and (${me} in (about.assigned_to, home.assigned_to)
          or ${alias}.visibility = 'team' and (about.team_id = any (${teams}) or home.team_id = any (${teams}))))))`;
}

/** Who may read a side conversation, and write in it: as the inquiry that it is about, or the one that goes on in. */
@Injectable()
export class SideReach {
  constructor(
    private readonly db: Database,
    private readonly inquiries: InquiryReach,
    private readonly homes: InquiryHomes,
  ) {}

  /** @throws RecordNotFound */
  async assertReadable(id: string): Promise<void> {
    await this.ask(id);
  }

  /** Answers where its inquiry goes on. @throws RecordNotFound, OutOfReach, MessageHidden */
  async assertChangeable(id: string): Promise<string> {
    const { inquiryId, isShown } = await this.ask(id);
    const home = await this.homes.homeOf(inquiryId);
    await this.inquiries.assert(home, InquiryPermissions.side);
    if (!isShown) throw new MessageHidden();
    return home;
  }

  /** That the actor may begin one. @throws RecordNotFound, OutOfReach, MessageHidden */
  async assertMayStart(inquiryId: string): Promise<void> {
    await this.inquiries.assert(inquiryId, InquiryPermissions.side);
    await this.inquiries.assertWhole(inquiryId);
  }

  private async ask(id: string): Promise<{ inquiryId: string; isShown: boolean }> {
    const params: unknown[] = [currentTenantId(), id];
    const actor = currentActor();
    const found = await this.db.one<{ inquiryId: string; isShown: boolean }>(
      `select aside.inquiry_id as "inquiryId", ${sideShown('aside', actor, params)} as "isShown" from side_conversations aside
       where aside.tenant_id = $1 and aside.id = $2
         and ${reachWithHome('aside.inquiry_id', actor, InquiryPermissions.read, params)}`,
      params,
    );
    if (!found) throw new RecordNotFound('side conversation', id);
    return found;
  }
}
