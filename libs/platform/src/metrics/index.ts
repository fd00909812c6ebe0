export { Metrics, type PoolCounts } from './metrics.js';
export { MetricsModule } from './metrics.module.js';
