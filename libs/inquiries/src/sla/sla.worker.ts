import { CalendarChanged } from '@app/calendars/events';
import { CustomerLevelChanged, CustomersMerged, CustomersParted } from '@app/customers/events';
import { Clock, type PayloadOf } from '@app/kernel';
import { Handles, Jobs, On } from '@app/platform';
import { TenantCreated } from '@app/auth/events';
import { Injectable } from '@nestjs/common';
import { InquiryClocks } from './inquiry-clocks.service.js';
import { CheckClock, RecomputeClocks } from './sla.jobs.js';
import { SlaTerms } from './sla-terms.js';

@Injectable()
export class InquirySlaWorker {
  constructor(
    private readonly clocks: InquiryClocks,
    private readonly terms: SlaTerms,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  @Handles(CheckClock)
  checkClock({ clockId, at }: PayloadOf<typeof CheckClock>): Promise<void> {
    const [asked, now] = [new Date(at), this.clock.now()];
    // The job came by the database's clock: a process whose own is some milliseconds behind must not find it early.
    return this.clocks.check(clockId, asked > now ? asked : now);
  }

  @Handles(RecomputeClocks)
  recomputeClocks({ after }: PayloadOf<typeof RecomputeClocks>): Promise<void> {
    return this.clocks.recompute(after);
  }

  @On(CalendarChanged)
  followCalendar(): Promise<void> {
    return this.jobs.enqueue(RecomputeClocks, { after: null });
  }

  @On(CustomerLevelChanged)
  followLevel({ customerId }: PayloadOf<typeof CustomerLevelChanged>): Promise<void> {
    return this.clocks.recomputeOf(customerId);
  }

  @On(CustomersMerged)
  followMerge({ customerId }: PayloadOf<typeof CustomersMerged>): Promise<void> {
    return this.clocks.recomputeOf(customerId);
  }

  @On(CustomersParted)
  followParting({ otherId }: PayloadOf<typeof CustomersParted>): Promise<void> {
    return this.clocks.recomputeOf(otherId);
  }

  @On(TenantCreated)
  promiseByDefault(): Promise<void> {
    return this.terms.ensureDefault();
  }
}
