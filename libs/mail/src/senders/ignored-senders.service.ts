import { currentActor, Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { IgnoredSender, type IgnoredSenderDocument } from './ignored-sender.entity.js';
import { PatternInvalid, PatternTaken } from './ignored-senders.errors.js';
import { normalisePattern } from './sender-pattern.js';

/** Whose mails begin nothing. */
@Injectable()
export class IgnoredSenders {
  constructor(private readonly db: Database) {}

  /** From the next mail on. @throws PatternInvalid, PatternTaken */
  ignore({ pattern: written, note }: IgnoredSenderDocument): Promise<IgnoredSender> {
    const pattern = normalisePattern(written);
    if (!pattern) throw new PatternInvalid();
    return this.db
      .create(IgnoredSender.of({ pattern, note }, currentActor().id))
      .catch(onConstraint('ignored_senders_pattern_is_free', () => new PatternTaken(pattern)));
  }

  /** @throws RecordNotFound */
  async heed(id: string): Promise<void> {
    await this.db.remove(await this.db.get(IgnoredSender, id));
  }
}
