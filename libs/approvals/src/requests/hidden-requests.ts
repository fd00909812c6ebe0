import type { Actor } from '@app/kernel';
import { type HiddenWords, HiddenWordsPort, hidesSubject, Ports, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** A request is as hidden as what it is about, and so are the mails that remind of it. */
@Injectable()
@Provides(HiddenWordsPort)
export class HiddenRequests implements HiddenWords {
  readonly table = 'approval_requests';
  readonly columns = ['title', 'notes'];
  readonly subjects = ['approvals.reminder', 'approvals.escalation', 'approvals.handover'];

  constructor(private readonly ports: Ports) {}

  hides(id: string, actor: Actor, params: unknown[]): string {
    const about = this.hidesAbout('asked', actor, params);
    return `exists (select 1 from approval_requests asked where asked.tenant_id = app_tenant() and asked.id = ${id} and ${about})`;
  }

  /** SQL: what the request `alias`, a row of approval_requests, is about is kept from the actor. None is about a request. */
  hidesAbout(alias: string, actor: Actor, params: unknown[]): string {
    const subject = { kind: `${alias}.subject_kind`, id: `${alias}.subject_id` };
    return hidesSubject(this.ports, subject, actor, params, this);
  }
}

/** What was noted with a decision. */
@Injectable()
@Provides(HiddenWordsPort)
export class HiddenDecisions implements HiddenWords {
  readonly table = 'approval_decisions';
  readonly columns = ['notes'];

  constructor(private readonly requests: HiddenRequests) {}

  hides(id: string, actor: Actor, params: unknown[]): string {
    return `exists (select 1 from approval_decisions made where made.tenant_id = app_tenant() and made.id = ${id}
      and ${this.requests.hides('made.request_id', actor, params)})`;
  }
}
