export { Database, type TenantRecord } from './database.js';
export { DatabaseClock } from './database-clock.js';
export { databaseOptions } from './data-source.js';
export * from './errors.js';
export * from './migrating.js';
export { Migrator, migrationsPending } from './migrator.js';
export { prepareDatabase } from './prepare.js';
export { scopedDriver, ScopedClient, statementsSent } from './scoped-driver.js';
export { SnakeNaming, snakeCase } from './naming.strategy.js';
