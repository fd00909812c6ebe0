import { currentActor, Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ExchangeRate, type RateDocument } from './exchange-rate.entity.js';
import { RateKnown, SameCurrency } from './forecast.errors.js';

/** By which rates reports convert. */
@Injectable()
export class ExchangeRatesService {
  constructor(private readonly db: Database) {}

  /** @throws RateKnown, SameCurrency */
  async add(document: RateDocument): Promise<ExchangeRate> {
    if (document.base === document.currency) throw new SameCurrency();
    return this.db
      .create(ExchangeRate.of(document, currentActor().id))
      .catch(onConstraint('exchange_rates_one_a_day', () => new RateKnown()));
  }

  async remove(id: string): Promise<void> {
    await this.db.remove(await this.db.get(ExchangeRate, id));
  }
}
