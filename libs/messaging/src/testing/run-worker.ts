import { createHttpApp, loadConfig, PlatformModule, resolveContexts, runApp } from '@app/platform';
import { Module } from '@nestjs/common';
import { messagingContext } from '../index.js';
import { TokenDoorModule } from './token-door.module.js';

@Module({})
class TestWorkerModule {}

/** A worker of this context alone. */
await runApp(async () => {
  const config = loadConfig();
  const contexts = resolveContexts([messagingContext], []);
  const own = contexts.all.flatMap(({ worker }) => worker ?? []);
  const imports = [PlatformModule.forWorker(config, contexts), TokenDoorModule, ...own];
  const app = await createHttpApp({ module: TestWorkerModule, imports }, config);
  await app.init();
  return app;
});
