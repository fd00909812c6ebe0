export { HealthModule } from './health.module.js';
export { type HealthProbe, HealthProbes, type ProbeResult } from './health-probe.js';
export { operationalPaths } from './operational-paths.js';
