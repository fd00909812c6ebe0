import { Clock } from '@app/kernel';
import { type DynamicModule, Global, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessGuard, Denials, RouteCatalogue, Standings } from './access/index.js';
import { Config, ConfigModule } from './config/index.js';
import { SecretsAtRest } from './crypto/index.js';
import { Batches, Database, DatabaseClock, databaseOptions, migrationsPending } from './database/index.js';
import { EventsModule } from './events/index.js';
import { RecordExports } from './exporting/index.js';
import { FieldCatalogue, RecordShapes } from './field-rights/index.js';
import { ImportedRecords } from './importing/index.js';
import { HealthModule, HealthProbes } from './health/index.js';
import { IdempotencyInterceptor, InputPipe, ProblemFilter, QueryKeysGuard } from './http/index.js';
import { Drain, LifecycleModule } from './lifecycle/index.js';
import { Gate, Limits } from './limits/index.js';
import { Moments } from './lists/index.js';
import {
  LiveChannel,
  LiveGateway,
  LiveHints,
  LivePeople,
  LiveSockets,
  PresenceBook,
  ReadableRecords,
} from './live/index.js';
import { LoggingModule } from './logging/index.js';
import { Metrics, MetricsModule } from './metrics/index.js';
import { LoadedContexts, ModulesController } from './modules/index.js';
import { Outbound, TextRecords } from './outbound/index.js';
import { Ports } from './ports/index.js';
import { RedisConnections, RedisModule } from './redis/index.js';
import { currentScope, runOutside } from './scope/index.js';
import { ClamavScan, FileStore, LocalFileStore, S3FileStore } from './storage/index.js';
import { platformMigrations } from '../migrations/index.js';

/** Tells health and metrics of the database and of Redis, and closes them last. */
@Injectable()
class Connections implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly redis: RedisConnections,
    private readonly probes: HealthProbes,
    private readonly metrics: Metrics,
    private readonly drain: Drain,
    private readonly contexts: LoadedContexts,
  ) {}

  async onModuleInit(): Promise<void> {
    this.probes.register({ name: 'database', critical: true, check: () => this.askDatabase() });
    this.probes.register({
      name: 'redis',
      critical: false,
      check: async () => ({ status: (await this.redis.commands.ping()) ? 'up' : 'down' }),
    });
    this.metrics.registerPool('main', this.db.pool);
    this.drain.onDrain('connections', 'redis', () => this.redis.close());
    await this.redis.settle();
  }

  private async askDatabase(): Promise<{ status: 'up' | 'down'; detail?: Record<string, unknown> }> {
    const declared = [...platformMigrations, ...this.contexts.all.flatMap(({ migrations }) => migrations)];
    const pending = await runOutside(() => migrationsPending(this.db, declared));
    return pending.length ? { status: 'down', detail: { migrationsPending: pending.length } } : { status: 'up' };
  }
}

type Options = { app: 'api' | 'worker'; config: Config; contexts: LoadedContexts; connect?: boolean };

const SHARED = [
  Batches,
  Database,
  Denials,
  FieldCatalogue,
  LiveChannel,
  LiveHints,
  LivePeople,
  Moments,
  Outbound,
  Ports,
  PresenceBook,
  ImportedRecords,
  RecordExports,
  RecordShapes,
  RouteCatalogue,
  SecretsAtRest,
  TextRecords,
];
const LIVE = [LiveGateway, LiveSockets, ReadableRecords];

/** What every context stands on. One module for both apps: the worker is the API minus HTTP. */
@Global()
@Module({})
export class PlatformModule {
  static forApi(config: Config, contexts: LoadedContexts, connect = true): DynamicModule {
    const http = [
      Limits,
      Gate,
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_GUARD, useClass: QueryKeysGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_PIPE, useClass: InputPipe },
      IdempotencyInterceptor,
      Standings,
      ...LIVE,
    ];
    return this.with({ app: 'api', config, contexts, connect }, [EventsModule.forApi()], http, [ModulesController]);
  }

  static forWorker(config: Config, contexts: LoadedContexts): DynamicModule {
    const door = [Limits, Gate, Standings, { provide: APP_FILTER, useClass: ProblemFilter }]; // health and metrics refuse too
    return this.with({ app: 'worker', config, contexts }, [EventsModule.forWorker()], door, []);
  }

  private static with(
    options: Options,
    imports: NonNullable<DynamicModule['imports']>,
    providers: NonNullable<DynamicModule['providers']>,
    controllers: NonNullable<DynamicModule['controllers']>,
  ): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        DiscoveryModule,
        ConfigModule.forRoot(options.config),
        LoggingModule.forRoot({ app: options.app, scope: scopeFields }),
        LifecycleModule,
        MetricsModule,
        HealthModule,
        RedisModule,
        databaseModule(options),
        ...imports,
      ],
      controllers,
      providers: [
        ...SHARED,
        Connections,
        { provide: Clock, useClass: DatabaseClock },
        { provide: FileStore, useClass: options.config.S3_BUCKET ? S3FileStore : LocalFileStore },
        ...(options.config.CLAMAV_URL ? [ClamavScan] : []),
        { provide: LoadedContexts, useValue: options.contexts },
        ...providers,
      ],
      exports: [...SHARED, Clock, FileStore, LoadedContexts, Standings, DiscoveryModule],
    };
  }
}

function databaseModule({ config, contexts, connect }: Options): DynamicModule {
  const entities = contexts.all.flatMap((context) => context.entities);
  const pool = { size: config.DATABASE_POOL_SIZE, waitSeconds: config.DATABASE_POOL_WAIT_SECONDS };
  return TypeOrmModule.forRoot({
    ...databaseOptions(config.DATABASE_URL, pool, entities),
    retryAttempts: 5,
    retryDelay: 1000,
    manualInitialization: connect === false,
  });
}

function scopeFields(): Record<string, string | undefined> {
  const scope = currentScope();
  return { requestId: scope?.requestId, tenantId: scope?.actor?.tenantId, actorId: scope?.actor?.id };
}
