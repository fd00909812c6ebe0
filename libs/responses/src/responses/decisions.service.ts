import { ApprovalPermissions, ApprovalsFacade } from '@app/approvals';
import { Config } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SendingService } from '../sending/sending.service.js';
import { ResponseSettingsService } from '../settings/response-settings.service.js';
import { APPROVAL_SUBJECT } from './response-approval.js';
import { ResponseRecords, requireSeen, type Seen } from './response-records.js';
import type { Response } from './response.entity.js';
import { contentHash } from './response.policy.js';

/** The decision is approvals' to take and the change is the response's own: both commit together or not at all. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly config: Config,
    private readonly records: ResponseRecords,
    private readonly approvals: ApprovalsFacade,
    private readonly sending: SendingService,
    private readonly settings: ResponseSettingsService,
  ) {}

  approve(id: string, seen: Seen, notes: string | null): Promise<Response> {
    return this.records.change(id, requireSeen(seen), ApprovalPermissions.decide, async (response, now, by) => {
      response.assertPending('approved');
      await this.decide(response, 'approved', notes);
      const known = await this.sending.knownOf(response);
      const { sendsAutomatically } = await this.settings.current();
      const sendAt = sendsAutomatically ? new Date(now.getTime() + this.config.RESPONSE_UNDO_SECONDS * 1000) : null;
      response.approve(by, notes, known, sendAt, now);
      await this.sending.plan(response);
    });
  }

  reject(id: string, seen: Seen, notes: string): Promise<Response> {
    return this.records.change(id, requireSeen(seen), ApprovalPermissions.decide, async (response, now, by) => {
      response.assertPending('rejected');
      await this.decide(response, 'rejected', notes);
      response.reject(by, notes, now);
    });
  }

  /** The hash is taken of the text as it stands now, so that a change behind the verbs' back is not approved either. */
  private decide(response: Response, decision: 'approved' | 'rejected', notes: string | null): Promise<unknown> {
    const { id: subjectId, revision } = response;
    return this.approvals.decide({
      subjectKind: APPROVAL_SUBJECT,
      subjectId,
      revision,
      contentHash: contentHash(response),
      decision,
      notes,
    });
  }
}
