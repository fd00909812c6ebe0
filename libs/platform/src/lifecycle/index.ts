export { Drain, type DrainStage } from './drain.js';
export { defineFailpoint, definedFailpoints, type Failpoint, failpoint, FailpointStruck } from './failpoint.js';
export { LifecycleModule } from './lifecycle.module.js';
export { runApp } from './run-app.js';
