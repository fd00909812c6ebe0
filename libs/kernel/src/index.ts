export * from './actor.js';
export * from './aggregate.js';
export * from './clock.js';
export * from './domain-error.js';
export * from './domain-event.js';
export * from './id.js';
export * from './permission.js';
export * from './state-machine.js';
