import { type Config, type LoadedContexts, PlatformModule } from '@app/platform';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Module({})
class CommandModule {}

/** The contexts without HTTP and without the worker's motor: for a command that calls their services and ends. */
export async function withApplication<T>(
  config: Config,
  contexts: LoadedContexts,
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const modules = contexts.all.flatMap(({ api }) => api ?? []);
  const module = { module: CommandModule, imports: [PlatformModule.forApi(config, contexts), ...modules] };
  const app = await NestFactory.createApplicationContext(module, { logger: ['error', 'warn'], abortOnError: false });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
