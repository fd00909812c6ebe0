export type { OutboundRequest } from './exchange.js';
export { Outbound, type OutboundLimits } from './outbound.js';
export { NamesUnavailable, TextRecords } from './text-records.js';
export { type OutboundFault, OutboundRefused } from './outbound-refused.js';
