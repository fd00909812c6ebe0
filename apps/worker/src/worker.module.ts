import { type Config, type LoadedContexts, PlatformModule } from '@app/platform';
import { type DynamicModule, Module } from '@nestjs/common';

/** Jobs, events and schedules: the API minus HTTP, same libraries, same entities. */
@Module({})
export class WorkerModule {
  static of(config: Config, contexts: LoadedContexts): DynamicModule {
    const modules = contexts.all.flatMap(({ worker }) => worker ?? []);
    return { module: WorkerModule, imports: [PlatformModule.forWorker(config, contexts), ...modules] };
  }
}
