import type { Actor } from '@app/kernel';
import { type HiddenWords, HiddenWordsPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { APPROVAL_SUBJECT } from './response-approval.js';
import { ResponseRecords } from './response-records.js';

/** What is kept of a response elsewhere, as the mail that carried it, is as hidden as the response. */
@Injectable()
@Provides(HiddenWordsPort)
export class HiddenResponses implements HiddenWords {
  readonly table = 'responses';
  readonly columns = ['message', 'approval_notes', 'stale_facts', 'failure_reason'];
  readonly subjects = [APPROVAL_SUBJECT];

  constructor(private readonly records: ResponseRecords) {}

  hides(id: string, actor: Actor, params: unknown[]): string {
    return `exists (select 1 from responses answered where answered.tenant_id = app_tenant() and answered.id = ${id}
      and not ${this.records.shown('answered', actor, params, 'one')})`;
  }
}
