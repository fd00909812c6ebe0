export { type Bucket, Gate, standingKey } from './gate.js';
export { Limited, LimitReached, limitHeaders, Limits, network, type RouteLimit, STRICTER } from './limits.js';
