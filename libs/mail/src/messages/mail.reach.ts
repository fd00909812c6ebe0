import { type Actor, anyOf, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import { type GuardedRecords, GuardedRecordsPort, InquiryReachPort, Ports, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MailPermissions } from './mail.policy.js';

const { read } = MailPermissions;

/** The one that the mail, or the mail that it is a copy of, belongs or refers to. */
const ITS_INQUIRY = `coalesce(m.inquiry_id, (select o.inquiry_id from mails o where o.tenant_id = m.tenant_id and o.id = m.duplicate_of))`;

/** Which mails `m` somebody may read: those of their teams' mailboxes, however they came in, and what belongs to an inquiry that they may read. */
@Injectable()
@Provides(GuardedRecordsPort)
export class MailReach implements GuardedRecords {
  readonly kind = 'mail';
  readonly namedBy = 'mailId';
  readonly read = read;
  readonly reaching = [read];
  readonly isReadFirst = false;
  readonly from = 'mails m';
  readonly id = 'm.id';
  readonly isPresent = 'true';

  constructor(private readonly ports: Ports) {}

  predicate(actor: Actor, params: unknown[]): string {
    return anyOf(this.ways(actor, read, params));
  }

  /**
   * SQL: what the mail says is for the actor. Of a message of an inquiry that is said with the message; of any other mail by
   * the mailboxes that it came in by, and by all of the inquiry that it refers to, which it may quote. So for a mail's copies.
   */
  shown(actor: Actor, params: unknown[]): string {
    if (actor.kind === 'system') return 'true';
    const ports = this.ports.all(InquiryReachPort);
    const said = ports.map((port) => port.shows('coalesce(m.duplicate_of, m.id)', actor, params));
    const quoted = ports.map((port) => `(${ITS_INQUIRY} is null or ${port.showsWhole(ITS_INQUIRY, actor, params)})`);
    const teams = `$${params.push(actor.reachedTeams)}::uuid[]`;
    const byMailbox = `not exists (select 1 from mailboxes b where b.tenant_id = app_tenant() and b.message_visibility <> 'all'
      and not (b.message_visibility = 'team' and coalesce(b.team_id = any (${teams}), false))
      and (b.id = m.mailbox_id or b.id in (select d.mailbox_id from mail_deliveries d where d.tenant_id = m.tenant_id and d.mail_id = m.id)))`;
    return `coalesce(${[...said, [byMailbox, ...quoted].join(' and ')].join(', ')})`;
  }

  ways(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
    const scope = actor.reach(permission);
    if (!scope) return [];
    if (scope === 'all') return EVERY_RECORD;
    const reached = scope === 'team' ? actor.reachedTeams : actor.teams;
    const teams = `b.team_id = any($${params.push(reached)}::uuid[])`;
    const inquiries = this.ports.all(InquiryReachPort).flatMap((port) => [
      { name: 'its_inquiry_within_reach', sql: port.predicate('m.inquiry_id', actor, params) },
      { name: 'read_through_an_inquiry_within_reach', sql: port.ofMail('m.id', actor, params) },
    ]);
    return [
      {
        name: 'in_a_mailbox_of_my_team',
        sql: `m.mailbox_id in (select b.id from mailboxes b where b.tenant_id = app_tenant() and ${teams})`,
      },
      {
        name: 'delivered_to_a_mailbox_of_my_team',
        sql: `exists (select 1 from mail_deliveries d join mailboxes b on b.tenant_id = d.tenant_id and b.id = d.mailbox_id
          where d.tenant_id = m.tenant_id and d.mail_id = m.id and ${teams})`,
      },
      ...inquiries.map(({ name, sql }) => ({ name, sql: `m.inquiry_id is not null and ${sql}` })),
      ...this.ports.all(InquiryReachPort).map((port) => ({
        name: 'its_side_conversation_within_reach',
        sql: `m.side_conversation_id is not null and ${port.ofSide('m.side_conversation_id', actor, params)}`,
      })),
    ];
  }
}
