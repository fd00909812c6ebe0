import pino, { type DestinationStream, type Logger as Pino, type LoggerOptions, type StreamEntry } from 'pino';
import type { Config } from '../config/index.js';
import { AppLogger } from './app-logger.js';
import { GATHERED, openLogFiles } from './log-files.js';
import { redact } from './redact.js';
import { RequestLine } from './request-line.js';
import { writeOut } from './write-out.js';

export type LogSettings = Pick<Config, 'LOG_LEVEL' | 'LOG_FILES' | 'LOG_DIR' | 'NODE_ENV'>;

export type LoggerSetup = {
  /** Which process writes: `api` or `worker`. */
  app: string;
  /** Fields of the current scope (request id, tenant, actor), asked for with each line. */
  scope?: () => Record<string, string | undefined>;
  /** Takes the lines in place of standard output. */
  destination?: DestinationStream;
};

/** Opens the destinations and gives the logger of this process. Files that cannot be opened are told of, not fatal. */
export async function createLogger(config: LogSettings, setup: LoggerSetup): Promise<AppLogger> {
  const output =
    setup.destination ?? pino.destination({ dest: 1, ...(config.NODE_ENV === 'test' ? { sync: true } : GATHERED) });
  const streams: StreamEntry[] = [{ level: 'trace', stream: output }];
  const many = pino.multistream(streams);
  const log = buildPino(config.LOG_LEVEL, setup, many);
  if (config.LOG_FILES) await addFiles(config.LOG_DIR, many, log);
  const flush = (): void => many.streams.forEach(({ stream }) => writeOut(stream));
  if (config.LOG_FILES || config.NODE_ENV !== 'test') process.once('exit', flush);
  return new AppLogger(log, flush);
}

/** Writes to standard error and waits for it: for what happens before there is a logger, or after it failed. */
export const emergencyLogger = (destination?: DestinationStream): Pino =>
  buildPino('info', { app: 'nexus' }, destination ?? pino.destination({ dest: 2, sync: true }));

async function addFiles(directory: string, many: ReturnType<typeof pino.multistream>, log: Pino): Promise<void> {
  let toldAt = 0;
  const onFault = (error: Error): void => {
    if (Date.now() - toldAt < 60_000) return;
    toldAt = Date.now();
    emergencyLogger().error({ err: error }, 'A log file cannot be written');
  };
  try {
    for (const entry of await openLogFiles(directory, onFault)) many.add(entry);
  } catch (error) {
    log.warn({ err: error }, 'Log files are off: they cannot be opened');
  }
}

function buildPino(level: LoggerOptions['level'], setup: LoggerSetup, destination: DestinationStream): Pino {
  const { scope } = setup;
  return pino(
    {
      level: level ?? 'info',
      base: { app: setup.app, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      // The hook below has already made errors plain.
      serializers: { err: (error: unknown) => error },
      ...(scope && { mixin: (fields: object) => (fields instanceof RequestLine ? {} : scope()) }),
      hooks: {
        logMethod(args, method, severity) {
          if (args[0] instanceof RequestLine) return method.apply(this, args);
          const masksContacts = severity >= INFO;
          const [first, ...rest] = args.map((arg) => redact(arg, masksContacts));
          const fields = args[0] instanceof Error ? { err: first } : first;
          return method.apply(this, [fields, ...rest] as unknown as Parameters<typeof method>);
        },
      },
    },
    destination,
  );
}

const INFO = pino.levels.values.info ?? 30;
