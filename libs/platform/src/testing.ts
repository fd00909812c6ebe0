export { aConfig, anEnvironment } from './config/testing.js';
export { createTestDatabase, type TestDatabase, testRedisUrl } from './testing/databases.js';
export { anActor, bootSlice, OTHER_TENANT, type Slice, TENANT } from './testing/slice.js';
export { TokenDoorModule, tokenOf } from './testing/token-door.module.js';
