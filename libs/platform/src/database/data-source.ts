import type { DataSourceOptions, MixedList } from 'typeorm';
import pg from 'pg';
import { instantParser } from './instants.js';
import { SnakeNaming } from './naming.strategy.js';
import { ScopedClient, scopedDriver } from './scoped-driver.js';

const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;
pg.types.setTypeParser(INT8, Number); // counts and sizes; everything stored stays below 2^53
pg.types.setTypeParser(DATE, (text) => text); // a date is a date, not midnight somewhere
const ofDriver = pg.types.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => unknown;
pg.types.setTypeParser(TIMESTAMPTZ, instantParser(ofDriver));

type Entities = MixedList<(new () => object) | string>;

/** The application's data source: every connection carries the tenant of whoever asks for it. */
export function databaseOptions(
  url: string,
  pool: { readonly size: number; readonly waitSeconds: number },
  entities: Entities,
): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: entities as never,
    driver: scopedDriver,
    poolSize: pool.size,
    namingStrategy: new SnakeNaming(),
    synchronize: false,
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    applicationName: 'nexus',
    extra: {
      Client: ScopedClient,
      connectionTimeoutMillis: pool.waitSeconds * 1000,
      idleTimeoutMillis: 0, // a timer for each statement, to close what is wanted again in a moment
      keepAlive: true,
      query_timeout: 15_000,
    },
  };
}
