export { DeliveryRunner } from './delivery.runner.js';
export { EventsModule } from './events.module.js';
export { Jobs } from './jobs.js';
export { QueuePermissions } from './queues.policy.js';
export * from './registry.js';
export { DELIVERIES, Relay } from './relay.js';
export { declaredSchedules, defineSchedule, type Occasion, Schedules } from './schedules.js';
export { Subscriptions } from './subscriptions.js';
export { Every } from './ticks.js';
