import { type Actor, anyOf, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import { type GuardedRecords, GuardedRecordsPort, InquiryReachPort, Ports, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MailPermissions } from './mail.policy.js';

const { read } = MailPermissions;

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
    ];
  }
}
