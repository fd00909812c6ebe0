import { type Config, type LoadedContexts, PlatformModule } from '@app/platform';
import { type DynamicModule, Module } from '@nestjs/common';

/** HTTP and sockets: composes what the contexts bring. No logic of its own. */
@Module({})
export class ApiModule {
  static of(config: Config, contexts: LoadedContexts, connect = true): DynamicModule {
    const modules = contexts.all.flatMap(({ api }) => api ?? []);
    return { module: ApiModule, imports: [PlatformModule.forApi(config, contexts, connect), ...modules] };
  }
}
