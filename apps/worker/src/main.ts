import { createHttpApp, loadConfig, runApp } from '@app/platform';
import { contextsOf } from '../../contexts.js';
import { WorkerModule } from './worker.module.js';

void runApp(async () => {
  const config = loadConfig();
  const app = await createHttpApp(WorkerModule.of(config, contextsOf(config.CONTEXTS)), config);
  await app.listen(config.WORKER_PORT, '0.0.0.0');
  return app;
});
