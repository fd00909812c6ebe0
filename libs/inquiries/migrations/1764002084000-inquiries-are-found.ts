import { dropSearchable, keepSearchable } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Inquiries are found by the search over everything, by their words and by their number in any writing. */
export class InquiriesAreFound1764002084000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await keepSearchable(q, {
      kind: 'inquiries',
      columns: ['number', 'subject', 'message', 'deleted_at'],
      isPresent: 'r.deleted_at is null',
      title: 'r.subject',
      subtitle: `'INQ-' || lpad(r.number::text, greatest(6, length(r.number::text)), '0')`,
      body: 'r.message',
      keys: `array['inq' || r.number, r.number::text]`,
    });
  }

  async down(q: QueryRunner): Promise<void> {
    await dropSearchable(q, 'inquiries');
  }
}
