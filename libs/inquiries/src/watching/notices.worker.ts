import { AuthFacade, type UserCard } from '@app/auth';
import type { PayloadOf } from '@app/kernel';
import { currentTenantId, Database, On } from '@app/platform';
import { mentionsIn, Notices } from '@app/records';
import { Injectable } from '@nestjs/common';
import { InquiryMessage } from '../conversation/inquiry-message.entity.js';
import { CustomerReplied, InquiryNoted, SideConversationAnswered } from '../events.js';
import { referenceOf } from '../inquiries/inquiry.policy.js';
import { InquiryHomes } from '../merging/inquiry-homes.js';
import { WatchersService } from './watchers.service.js';

type Told = { userId: string; number: number };
type Note = { id: string; body: string; author: string | null; number: number };

/**
 * Tells people of the house that they are mentioned, or that somebody wrote in what they watch. The mail says no more
 * than where: whoever gets it may have no right to read the inquiry.
 */
@Injectable()
export class NoticesWorker {
  constructor(
    private readonly db: Database,
    private readonly auth: AuthFacade,
    private readonly homes: InquiryHomes,
    private readonly watchers: WatchersService,
    private readonly notices: Notices,
  ) {}

  @On(InquiryNoted)
  async tellMentioned({ inquiryId, messageSeq, authorId }: PayloadOf<typeof InquiryNoted>): Promise<void> {
    const note = await this.db.one<Note>(
      `select m.id, m.body, m.author_name as author, i.number from inquiry_messages m
       join inquiries i on i.tenant_id = m.tenant_id and i.id = m.inquiry_id
       where m.tenant_id = $1 and m.inquiry_id = $2 and m.seq = $3`,
      [currentTenantId(), inquiryId, messageSeq],
    );
    if (!note) return;
    const people = await this.notices.peopleCalled(mentionsIn(note.body), authorId);
    await this.db.change(InquiryMessage, note.id, undefined, (message) => message.call(ids(people)));
    await this.watchers.add(inquiryId, ids(people));
    await this.notices.tellMentioned(people, note.author, referenceOf(note.number));
  }

  @On(CustomerReplied)
  async tellWatchers({ inquiryId }: PayloadOf<typeof CustomerReplied>): Promise<void> {
    const rows = await this.db.query<Told>(
      `select distinct w.user_id as "userId", i.number from inquiry_watchers w
       join inquiries i on i.tenant_id = w.tenant_id and i.id = $2
       where w.tenant_id = $1 and w.inquiry_id = any ($3::uuid[]) and w.user_id is distinct from i.assigned_to`,
      [currentTenantId(), inquiryId, await this.homes.conversationOf(inquiryId)],
    );
    await this.tell(rows, 'The customer wrote', 'The customer wrote again.');
  }

  /** Whoever began it, whoever has the inquiry, and its watchers. */
  @On(SideConversationAnswered)
  async tellOfAnswer({ inquiryId, sideConversationId }: PayloadOf<typeof SideConversationAnswered>): Promise<void> {
    const rows = await this.db.query<Told>(
      `select distinct p.user_id as "userId", i.number from inquiries i cross join lateral (
         select i.assigned_to as user_id
         union select s.started_by from side_conversations s where s.tenant_id = i.tenant_id and s.id = $4
         union select w.user_id from inquiry_watchers w where w.tenant_id = i.tenant_id and w.inquiry_id = any ($3::uuid[])) p
       where i.tenant_id = $1 and i.id = $2 and p.user_id is not null`,
      [
        currentTenantId(),
        await this.homes.homeOf(inquiryId),
        await this.homes.conversationOf(inquiryId),
        sideConversationId,
      ],
    );
    await this.tell(rows, 'An answer came to a side conversation', 'Somebody answered in a side conversation.');
  }

  private async tell(rows: readonly Told[], what: string, line: string): Promise<void> {
    const [first] = rows;
    if (!first) return;
    const people = (await this.auth.usersByIds(rows.map(({ userId }) => userId))).filter(({ isActive }) => isActive);
    const subject = `${what} in ${referenceOf(first.number)}`;
    await this.notices.send(people, { kind: 'inquiries.notice', subject, line });
  }
}

const ids = (people: readonly UserCard[]): string[] => people.map(({ id }) => id);
