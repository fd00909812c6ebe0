import { type DynamicModule, Module } from '@nestjs/common';
import { Config } from '../config/index.js';
import { AppLogger } from './app-logger.js';
import { createLogger, type LoggerSetup } from './create-logger.js';

/** Gives every module the process's `AppLogger`; `app.useLogger(app.get(AppLogger))` makes it Nest's. */
@Module({})
export class LoggingModule {
  static forRoot(setup: LoggerSetup): DynamicModule {
    return {
      module: LoggingModule,
      global: true,
      providers: [
        { provide: AppLogger, inject: [Config], useFactory: (config: Config) => createLogger(config, setup) },
      ],
      exports: [AppLogger],
    };
  }
}
