import { type BusinessHours, CalendarsFacade } from '@app/calendars';
import { CustomersFacade } from '@app/customers';
import { currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Inquiry } from '../inquiries/inquiry.entity.js';
import type { Terms } from './inquiry-clock.entity.js';
import { type ClockKind, policyFor } from './sla.policy.js';
import { SlaPolicy } from './sla-policy.entity.js';

export type Agreement = {
  readonly pausesIn: readonly string[];
  /** Null: nothing is promised. */
  readonly termsOf: (kind: ClockKind) => Terms | null;
  readonly hours: BusinessHours;
};

/** Which policy is for an inquiry, and by whose hours it counts: the policy's calendar, else that of the team. */
@Injectable()
export class SlaTerms {
  constructor(
    private readonly db: Database,
    private readonly calendars: CalendarsFacade,
    private readonly customers: CustomersFacade,
  ) {}

  async for(inquiry: Inquiry): Promise<Agreement> {
    const policies = await this.policies();
    const level = policies.some(({ levels }) => levels.length > 0) ? await this.levelOf(inquiry.customerId) : null;
    const policy = policyFor(policies, { priority: inquiry.priority, category: inquiry.category, level });
    if (!policy) throw new Error('A tenant always has a default policy');
    const { id: policyId, calendarId, warnFraction, escalation, pausesIn, targets } = policy;
    const { teamId } = inquiry;
    return {
      pausesIn,
      hours: await this.hoursOf(calendarId, teamId),
      termsOf: (kind) => {
        const target = targets[kind];
        return target === null ? null : { policyId, target, warnFraction, escalation, calendarId, teamId };
      },
    };
  }

  /** Of a calendar that was deleted since nothing is known any more: then the team's. */
  async hoursOf(calendarId: string | null, teamId: string | null): Promise<BusinessHours> {
    if (!calendarId) return this.calendars.hoursForTeam(teamId);
    return this.calendars.hoursOf(calendarId).catch((error: unknown) => {
      if (error instanceof RecordNotFound) return this.calendars.hoursForTeam(teamId);
      throw error;
    });
  }

  /** Gives the current tenant its default policy; keeps the one it has. */
  async ensureDefault(): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.query("select pg_advisory_xact_lock(hashtextextended('sla default ' || $1::text, 0))", [
        currentTenantId(),
      ]);
      const [found] = await this.db.findWhere(SlaPolicy, 'tenant_id = $1 and is_default', [currentTenantId()]);
      if (!found) await this.db.create(SlaPolicy.standard());
    });
  }

  private async policies(): Promise<SlaPolicy[]> {
    const read = (): Promise<SlaPolicy[]> => this.db.findWhere(SlaPolicy, 'tenant_id = $1', [currentTenantId()]);
    const found = await read();
    if (found.some(({ isDefault }) => isDefault)) return found;
    await this.ensureDefault();
    return read();
  }

  private async levelOf(customerId: string): Promise<string | null> {
    return (await this.customers.card(customerId))?.level ?? null;
  }
}
