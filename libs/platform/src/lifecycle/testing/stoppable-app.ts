import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Controller, Get, Module, type OnApplicationShutdown, StreamableFile } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Config, ConfigModule } from '../../config/index.js';
import { AppLogger, LoggingModule } from '../../logging/index.js';
import { defineFailpoint, Drain, LifecycleModule, runApp } from '../index.js';

defineFailpoint('stoppable.never-reached', 'Exists so that FAILPOINT can name it.');

const tell = (what: string): void => void process.stdout.write(`${what}\n`);

@Controller()
class StoppableController {
  @Get('slow')
  async slow(): Promise<string> {
    tell('slow begun');
    await wait(400);
    tell('slow answered');
    return 'done';
  }

  @Get('streamed')
  streamed(): StreamableFile {
    return new StreamableFile(Readable.from(this.parts(), { objectMode: false }));
  }

  @Get('quick')
  async quick(): Promise<string> {
    await wait(5);
    return 'done';
  }

  @Get('crash')
  crash(): string {
    setImmediate(() => {
      throw new Error('nobody caught this');
    });
    return 'soon';
  }

  @Get('reject')
  reject(): string {
    void Promise.reject(new Error('nobody awaited this'));
    return 'soon';
  }

  private async *parts(): AsyncGenerator<string> {
    yield 'first part';
    tell('first part sent');
    await wait(400);
    yield 'last part';
  }
}

@Module({
  imports: [ConfigModule.forRoot(), LoggingModule.forRoot({ app: 'stoppable' }), LifecycleModule],
  controllers: [StoppableController],
})
class StoppableModule implements OnApplicationShutdown {
  constructor(drain: Drain) {
    drain.onDrain('connections', 'tell of connections', async () => tell('connections'));
    drain.onDrain('work', 'tell of work', async () => tell('work'));
    drain.onDrain('intake', 'tell of intake', async () => {
      tell('intake');
      if (process.env.INTAKE === 'fails') throw new Error('intake cannot stop');
      if (process.env.INTAKE === 'hangs') await wait(60_000);
    });
  }

  onApplicationShutdown(): void {
    tell('nest hooks');
  }
}

await runApp(async () => {
  const adapter = new FastifyAdapter({ return503OnClosing: false });
  const app = await NestFactory.create<NestFastifyApplication>(StoppableModule, adapter, {
    abortOnError: false,
    bufferLogs: true,
  });
  app.useLogger(app.get(AppLogger));
  await app.listen(app.get(Config).PORT, '127.0.0.1');
  tell(`listening ${await app.getUrl()}`);
  if (process.env.BOOT === 'lingers') await wait(500);
  if (process.env.BOOT === 'hangs') await wait(60_000);
  return app;
});
