import { AuthFacade } from '@app/auth';
import { Clock } from '@app/kernel';
import { currentActor, Database, Jobs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import { Customer } from '../customer.entity.js';
import { CustomerPermissions, type CustomerLevel } from '../customer.policy.js';
import { CustomerWork } from '../customer-work.js';
import { LevelPinOutOfRange } from './level-pin.errors.js';
import { EndLevelPin } from './levels.jobs.js';

export type NewPin = {
  readonly level: CustomerLevel;
  readonly reason: string;
  /** An instant, or a day (`YYYY-MM-DD`) through whose end in the tenant's zone the pin holds. */
  readonly until: string;
};

const MOST_YEARS = 10;

/** Levels that somebody holds up for a while. */
@Injectable()
export class LevelPinsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly work: CustomerWork,
    private readonly auth: AuthFacade,
  ) {}

  /** In place of the pin that stands, if one does. @throws RecordNotFound, LevelPinOutOfRange, CustomerInTrash, CustomerMerged */
  async pin(id: string, { level, reason, until }: NewPin, version?: number): Promise<Customer> {
    await this.work.assertWithin(CustomerPermissions.update, id);
    const end = await this.endOf(until);
    const { id: by } = currentActor();
    return this.db.transaction(async () => {
      const customer = await this.work.do(CustomerPermissions.pinLevel, id, version, (found) =>
        found.pinLevel({ level, reason, until: end.toISOString(), by }),
      );
      await this.planEnd(customer);
      return customer;
    });
  }

  /** Before its time; of none it is nothing. @throws RecordNotFound, CustomerInTrash, CustomerMerged */
  async lift(id: string, version?: number): Promise<void> {
    await this.work.assertWithin(CustomerPermissions.update, id);
    await this.work.do(CustomerPermissions.pinLevel, id, version, (customer) => customer.endLevelPin());
  }

  /** Also in the trash, and of one that was merged: its pin is over when it comes back. One deleted for good has none. */
  async endWhenDue(id: string, due: string): Promise<void> {
    if (!(await this.db.find(Customer, id))) return;
    await this.db.change(Customer, id, undefined, (customer) => customer.endLevelPin(due));
  }

  async planEndOf(id: string): Promise<void> {
    const customer = await this.db.find(Customer, id);
    if (customer) await this.planEnd(customer);
  }

  /** In the open transaction: what holds a level up ends by itself. */
  private async planEnd({ id: customerId, levelPin }: Customer): Promise<void> {
    if (levelPin) await this.jobs.enqueue(EndLevelPin, { customerId, due: levelPin.until }, new Date(levelPin.until));
  }

  private async endOf(until: string): Promise<Date> {
    const isDay = until.length === 'YYYY-MM-DD'.length;
    const said = DateTime.fromISO(until, { zone: isDay ? await this.auth.zone() : 'utc' });
    const end = isDay ? said.plus({ days: 1 }).startOf('day') : said;
    const now = DateTime.fromJSDate(this.clock.now());
    if (end <= now || end > now.plus({ years: MOST_YEARS })) throw new LevelPinOutOfRange(MOST_YEARS);
    return end.toJSDate();
  }
}
