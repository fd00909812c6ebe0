import { Database, Jobs, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CalendarUnknown, PolicyNameTaken } from './sla.errors.js';
import { RecomputeClocks } from './sla.jobs.js';
import { type PolicyDocument, SlaPolicy } from './sla-policy.entity.js';

/** What a tenant promises. Each change is followed by the deadlines of all open inquiries. */
@Injectable()
export class SlaPoliciesService {
  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
  ) {}

  /** @throws PolicyNameTaken, CalendarUnknown */
  create(document: PolicyDocument): Promise<SlaPolicy> {
    return this.change(document.name, () => this.db.create(SlaPolicy.promise(document)));
  }

  /** @throws PolicyNameTaken, CalendarUnknown, DefaultPolicyIsForAll */
  edit(id: string, to: Partial<PolicyDocument>, version?: number): Promise<SlaPolicy> {
    return this.change(to.name ?? '', () => this.db.change(SlaPolicy, id, version, (policy) => policy.edit(to)));
  }

  /** Its clocks go on under whichever policy is now for their inquiry. @throws DefaultPolicyIsForAll */
  async remove(id: string, version?: number): Promise<void> {
    await this.db.transaction(async () => {
      const policy = await this.db.lock(SlaPolicy, id, version);
      policy.assertRemovable();
      await this.db.remove(policy);
      await this.jobs.enqueue(RecomputeClocks, { after: null });
    });
  }

  private change(name: string, write: () => Promise<SlaPolicy>): Promise<SlaPolicy> {
    return this.db
      .transaction(async () => {
        const policy = await write();
        await this.jobs.enqueue(RecomputeClocks, { after: null });
        return policy;
      })
      .catch(onConstraint('sla_policies_name_is_free', () => new PolicyNameTaken(name)))
      .catch(onConstraint('sla_policies_calendar', () => new CalendarUnknown()));
  }
}
