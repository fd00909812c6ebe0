import { createHttpApp, loadConfig, resolveContexts, runApp } from '@app/platform';
import { contexts } from '../../contexts.js';
import { WorkerModule } from './worker.module.js';

await runApp(async () => {
  const config = loadConfig();
  const app = await createHttpApp(WorkerModule.of(config, resolveContexts(contexts, config.CONTEXTS)), config);
  await app.listen(config.WORKER_PORT, '0.0.0.0');
  return app;
});
