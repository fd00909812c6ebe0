import type { Actor } from '@app/kernel';
import {
  Database,
  hiddenSubjects,
  type HiddenWords,
  HiddenWordsPort,
  hidesSubject,
  Ports,
  Provides,
} from '@app/platform';
import { Injectable } from '@nestjs/common';

type About = { readonly subjectKind: string; readonly subjectId: string };
const subjectOf = ({ subjectKind, subjectId }: About) => ({ kind: subjectKind, id: subjectId });

/** A request is as hidden as what it is about, and so are the mails that remind of it. */
@Injectable()
@Provides(HiddenWordsPort)
export class HiddenRequests implements HiddenWords {
  readonly table = 'approval_requests';
  readonly columns = ['title', 'notes'];
  readonly subjects = ['approvals.reminder', 'approvals.escalation', 'approvals.handover'];

  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  hides(id: string, actor: Actor, params: unknown[]): string {
    const subject = { kind: 'asked.subject_kind', id: 'asked.subject_id' };
    const about = hidesSubject(this.ports, subject, actor, params, this); // none is about a request
    return `exists (select 1 from approval_requests asked where asked.tenant_id = app_tenant() and asked.id = ${id} and ${about})`;
  }

  /** Tells of each of these requests whether what it is about is kept from the actor. */
  async among(requests: readonly About[], actor: Actor): Promise<(request: About) => boolean> {
    const isHidden = await hiddenSubjects(this.db, this.ports, requests.map(subjectOf), actor, this);
    return (request) => isHidden(subjectOf(request));
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
