import { Injectable } from '@nestjs/common';
import type { Lead } from './lead.entity.js';
import { LeadPermissions } from './lead.policy.js';
import { LeadWork } from './lead-work.js';

const { update } = LeadPermissions;

/** How far a lead has come. */
@Injectable()
export class LeadStatusService {
  constructor(private readonly work: LeadWork) {}

  /** @throws InvalidTransition */
  contact(id: string, version?: number): Promise<Lead> {
    return this.work.do(id, { permission: update, version }, (lead) => lead.contact());
  }

  /** @throws InvalidTransition */
  qualify(id: string, version?: number): Promise<Lead> {
    return this.work.do(id, { permission: update, version }, (lead) => lead.qualify());
  }

  /** @throws InvalidTransition */
  disqualify(id: string, reason: string, version?: number): Promise<Lead> {
    return this.work.do(id, { permission: update, version }, (lead) => lead.disqualify(reason));
  }

  /** @throws InvalidTransition, LeadNotLive for a duplicate, whose merge is taken back instead */
  reopen(id: string, version?: number): Promise<Lead> {
    return this.work.do(id, { permission: update, version }, (lead) => lead.reopen());
  }
}
