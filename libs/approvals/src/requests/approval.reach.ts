import type { Actor, Permission, Way } from '@app/kernel';
import { type GuardedRecords, GuardedRecordsPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApprovalPermissions, waysOf } from './approval.policy.js';

const { read, decide } = ApprovalPermissions;

@Injectable()
@Provides(GuardedRecordsPort)
export class ApprovalReach implements GuardedRecords {
  readonly kind = 'approvals';
  readonly namedBy = 'requestId';
  readonly read = read;
  readonly reaching = [read, decide];
  readonly isReadFirst = true;
  readonly from = 'approval_requests r';
  readonly id = 'r.id';
  readonly isPresent = 'true';

  ways(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
    return waysOf(actor, permission, params);
  }
}
