/** What needs the tests' servers and nothing of the product: loading that takes longer than many a test. */
export {
  claimTestRedis,
  createFilledDatabase,
  folderOfTheRun,
  OPEN_WORK,
  type TestDatabase,
  type TestRedis,
} from './databases.js';
export { TestDnsServer } from './dns-server.js';
