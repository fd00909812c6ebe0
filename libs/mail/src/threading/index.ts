export * from './automation.js';
export * from './candidates.js';
export * from './delivery-report.js';
export * from './message-id.js';
export * from './reply-address.js';
export * from './reply-headers.js';
export * from './subject.js';
