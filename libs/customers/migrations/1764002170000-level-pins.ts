import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Levels that somebody holds up for a while. */
export class LevelPins1764002170000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table customers add column level_pin jsonb
      constraint customers_level_pin_is_whole check (level_pin is null or ${WHOLE})`);
    await q.query(
      'create index customers_with_level_pin on customers (tenant_id, created_at desc, id desc) where level_pin is not null',
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table customers drop column level_pin');
  }
}

const RANK = (level: string): string => `array_position(array['bronze', 'silver', 'gold', 'platinum'], ${level})`;
const KEYS = `array['level', 'earned', 'reason', 'until', 'by']`;

// Nobody sees a level below the one that is pinned, nor below the one that was earned.
const WHOLE = `coalesce(jsonb_typeof(level_pin) = 'object' and level_pin ?& ${KEYS} and level_pin - ${KEYS} = '{}'
  and ${RANK('level')} = greatest(${RANK(`level_pin->>'level'`)}, ${RANK(`level_pin->>'earned'`)}), false)`;
