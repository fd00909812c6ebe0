import { AuthFacade, type UserCard } from '@app/auth';
import { newId, type PayloadOf } from '@app/kernel';
import { Messaging } from '@app/messaging';
import { currentTenantId, Database, On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerReplied, InquiryNoted } from '../events.js';
import { referenceOf } from '../inquiries/inquiry.policy.js';
import { InquiryHomes } from '../merging/inquiry-homes.js';
import { mentionsIn, MOST_MENTIONED } from './mention.js';
import { WatchersService } from './watchers.service.js';

type Note = { body: string; author: string | null; number: number };

/**
 * Tells people of the house that they are mentioned, or that a customer wrote in what they watch. The mail says no more
 * than where: whoever gets it may have no right to read the inquiry.
 */
@Injectable()
export class NoticesWorker {
  constructor(
    private readonly db: Database,
    private readonly auth: AuthFacade,
    private readonly homes: InquiryHomes,
    private readonly watchers: WatchersService,
    private readonly messaging: Messaging,
  ) {}

  @On(InquiryNoted)
  async tellMentioned({ inquiryId, messageSeq, authorId }: PayloadOf<typeof InquiryNoted>): Promise<void> {
    const note = await this.db.one<Note>(
      `select m.body, m.author_name as author, i.number from inquiry_messages m
       join inquiries i on i.tenant_id = m.tenant_id and i.id = m.inquiry_id
       where m.tenant_id = $1 and m.inquiry_id = $2 and m.seq = $3`,
      [currentTenantId(), inquiryId, messageSeq],
    );
    const names = note ? mentionsIn(note.body) : [];
    if (!note || names.length === 0 || names.length > MOST_MENTIONED) return;
    const people = (await this.auth.usersByUsernames(names)).filter(({ id, isActive }) => isActive && id !== authorId);
    await this.watchers.add(inquiryId, ids(people));
    const line = `${note.author ?? 'Somebody'} mentioned you in a note.`;
    await this.mail(people, `You are mentioned in ${referenceOf(note.number)}`, line);
  }

  @On(CustomerReplied)
  async tellWatchers({ inquiryId }: PayloadOf<typeof CustomerReplied>): Promise<void> {
    const rows = await this.db.query<{ userId: string; number: number }>(
      `select distinct w.user_id as "userId", i.number from inquiry_watchers w
       join inquiries i on i.tenant_id = w.tenant_id and i.id = $2
       where w.tenant_id = $1 and w.inquiry_id = any ($3::uuid[]) and w.user_id is distinct from i.assigned_to`,
      [currentTenantId(), inquiryId, await this.homes.conversationOf(inquiryId)],
    );
    const [first] = rows;
    if (!first) return;
    const people = (await this.auth.usersByIds(rows.map(({ userId }) => userId))).filter(({ isActive }) => isActive);
    await this.mail(people, `The customer wrote in ${referenceOf(first.number)}`, 'The customer wrote again.');
  }

  /** Each on their own: who else watches is nobody's business. */
  private async mail(people: readonly UserCard[], subject: string, line: string): Promise<void> {
    for (const { email, name } of people)
      await this.messaging.send({
        to: [{ address: email, name }],
        subject,
        text: [`Hello ${name},`, '', line, ''].join('\n'),
        purpose: 'transactional',
        autoSubmitted: true,
        about: { kind: 'inquiries.notice', id: newId() },
      });
  }
}

const ids = (people: readonly UserCard[]): string[] => people.map(({ id }) => id);
