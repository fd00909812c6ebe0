import { currentActor, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Consent, type ConsentChannel } from '../consents/consent.entity.js';
import type { Restriction } from './merge.entity.js';

type Latest = { customerId: string; channel: ConsentChannel; purpose: string; granted: boolean };

const MERGE = { source: 'merge', proof: null, ip: null };

/** The consents of two customers who are one: what either withdrew is withdrawn. */
@Injectable()
export class MergedConsents {
  constructor(private readonly db: Database) {}

  /** What holds of each of both, before one has those of the other. */
  latest(...customerIds: string[]): Promise<Latest[]> {
    return this.db.query<Latest>(
      `select distinct on (customer_id, channel, purpose) customer_id as "customerId", channel, purpose, granted
         from customer_consents where tenant_id = $1 and customer_id = any ($2::uuid[])
        order by customer_id, channel, purpose, created_at desc, id desc`,
      [currentTenantId(), customerIds],
    );
  }

  /** Records for the survivor what either had withdrawn and the other one had not. */
  async restrict(survivorId: string, before: readonly Latest[]): Promise<Restriction[]> {
    const withdrawn = before.filter(({ granted }) => !granted);
    const contradicted = withdrawn.flatMap(({ customerId, channel, purpose }) =>
      before
        .filter(
          (one) => one.granted && one.customerId !== customerId && one.channel === channel && one.purpose === purpose,
        )
        .map((one) => ({ channel, purpose, wasGranted: one.customerId === survivorId })),
    );
    for (const { channel, purpose } of contradicted) await this.say(survivorId, channel, purpose, false);
    return contradicted;
  }

  /** The survivor's own word holds again where nobody has said another since. */
  async restore(survivorId: string, restricted: readonly Restriction[]): Promise<void> {
    const now = await this.latest(survivorId);
    for (const { channel, purpose, wasGranted } of restricted) {
      const holds = now.find((one) => one.channel === channel && one.purpose === purpose);
      if (wasGranted && holds && !holds.granted) await this.say(survivorId, holds.channel, purpose, true);
    }
  }

  private async say(customerId: string, channel: ConsentChannel, purpose: string, granted: boolean): Promise<void> {
    const { id } = currentActor();
    await this.db.create(Consent.record(customerId, { ...MERGE, channel, purpose, granted }, id));
  }
}
