export { aConfig, anEnvironment } from './config/testing.js';
export { EICAR, TestClamd } from './testing/clamd.js';
export { claimTestRedis, createTestDatabase, type TestDatabase, type TestRedis } from './testing/databases.js';
export { LiveSockets } from './live/index.js';
export { TestDnsServer } from './testing/dns-server.js';
export { formOf } from './testing/form.js';
export { fillWithRows } from './testing/many-rows.js';
export { anActor, bootSlice, OTHER_TENANT, type Slice, TENANT } from './testing/slice.js';
export { TokenDoorModule, tokenOf } from './testing/token-door.module.js';
