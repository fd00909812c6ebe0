export { Drain, type DrainStage } from './drain.js';
export {
  defineFailpoint,
  definedFailpoints,
  type Failpoint,
  failpoint,
  FailpointStruck,
  rearmFailpoint,
} from './failpoint.js';
export { LifecycleModule } from './lifecycle.module.js';
export { runApp } from './run-app.js';
