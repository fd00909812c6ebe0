import type { INestApplication } from '@nestjs/common';
import { Config, ConfigError, configWarnings, loadConfig, redactedConfig, useEnvFile } from '../config/index.js';
import { AppLogger, emergencyLogger } from '../logging/index.js';
import { verifyFailpoint } from './failpoint.js';
import { closeConnectionsWhileDraining, stopApp } from './stop-app.js';

const STARTING_GRACE_SECONDS = 20;

/**
 * The life of a process, from its main file: `--check-config` only validates; else `boot` starts and listens, SIGTERM
 * and SIGINT drain it (a second one, or SHUTDOWN_GRACE_SECONDS, forces exit 1), and an error that nobody caught is
 * logged and ends it with 1, since its state is unknown then.
 */
export async function runApp(boot: () => Promise<INestApplication>): Promise<void> {
  useEnvFile();
  if (process.argv.includes('--check-config')) return checkConfig();
  await new Life().start(boot);
}

class Life {
  private app: INestApplication | undefined;
  private signalled = false;

  async start(boot: () => Promise<INestApplication>): Promise<void> {
    process.on('uncaughtException', (error) => this.die(error, 'Uncaught exception'));
    process.on('unhandledRejection', (reason) => this.die(reason, 'Unhandled rejection'));
    process.on('SIGTERM', (signal) => this.signal(signal));
    process.on('SIGINT', (signal) => this.signal(signal));
    try {
      const app = await boot();
      verifyFailpoint();
      this.announce(app);
      closeConnectionsWhileDraining(app);
      this.app = app;
    } catch (error) {
      this.die(error, 'The process did not start');
    }
    // One that came while it started: connections may have been accepted already.
    if (this.signalled) this.drain(this.app);
  }

  private announce(app: INestApplication): void {
    const logger = loggerOf(app);
    logger.log('Started', { config: redactedConfig(app.get(Config, { strict: false })) }, 'Lifecycle');
    for (const warning of configWarnings()) logger.warn(warning, 'Config');
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.signalled) this.die(new Error(`A second ${signal} came`), 'Forced to stop');
    this.signalled = true;
    if (this.app === undefined) {
      emergencyLogger().info(`${signal} while starting`);
      this.forceAfter(STARTING_GRACE_SECONDS);
      return;
    }
    loggerOf(this.app).log(`${signal}: draining`, 'Lifecycle');
    this.drain(this.app);
  }

  private drain(app: INestApplication): void {
    this.forceAfter(app.get(Config, { strict: false }).SHUTDOWN_GRACE_SECONDS);
    stopApp(app).then(
      (isClean) => {
        const logger = loggerOf(app);
        logger.log('Stopped', 'Lifecycle');
        logger.flush();
        process.exit(isClean ? 0 : 1);
      },
      (error: unknown) => this.die(error, 'Draining failed'),
    );
  }

  private forceAfter(seconds: number): void {
    const force = (): never => this.die(new Error(`Draining took longer than ${seconds} s`), 'Forced to stop');
    setTimeout(force, seconds * 1_000).unref();
  }

  private die(error: unknown, what: string): never {
    reportFatal(error, what, this.app);
    process.exit(1);
  }
}

const loggerOf = (app: INestApplication): AppLogger => app.get(AppLogger, { strict: false });

function checkConfig(): void {
  try {
    loadConfig();
    process.stdout.write('The configuration is valid.\n');
    for (const warning of configWarnings()) process.stderr.write(`${warning}\n`);
  } catch (error) {
    reportFatal(error, 'The configuration cannot be read', undefined);
    process.exitCode = 1;
  }
}

/** A faulty configuration is told in plain words; anything else goes to the log, or to standard error without one. */
function reportFatal(error: unknown, what: string, app: INestApplication | undefined): void {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    return;
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  if (app === undefined) {
    emergencyLogger().fatal({ err: cause }, what);
    return;
  }
  loggerOf(app).fatal(what, cause, 'Lifecycle');
  loggerOf(app).flush();
}
