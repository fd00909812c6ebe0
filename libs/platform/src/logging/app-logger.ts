import type { LoggerService } from '@nestjs/common';
import type { Level, Logger as Pino } from 'pino';
import type { RequestLine } from './request-line.js';

const STACK = /\n\s+at .+/;

/** Nest's logger, written by pino: `new Logger(Name.name)` anywhere ends up here. */
export class AppLogger implements LoggerService {
  constructor(
    private readonly pino: Pino,
    private readonly flushStreams: () => void,
  ) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  request(line: RequestLine): void {
    this.pino.info(line);
  }

  /** Writes out what still waits in memory, before it returns. */
  flush(): void {
    this.flushStreams();
  }

  /** Nest passes the stack of an error and the context's name as trailing strings. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const values = [message, ...rest];
    const context = values.length > 1 && isName(values.at(-1)) ? values.pop() : undefined;
    const fields: Record<string, unknown> = context === undefined ? {} : { context };
    const texts: string[] = [];
    for (const value of values) {
      if (value instanceof Error) fields.err = value;
      else if (typeof value === 'string' && STACK.test(value)) fields.stack = value;
      else if (typeof value === 'object' && value !== null)
        Object.assign(fields, Array.isArray(value) ? { items: value } : value);
      else if (value !== undefined) texts.push(String(value));
    }
    const text = texts.join(' ') || (fields.err instanceof Error ? fields.err.message : undefined);
    this.pino[level](fields, text);
  }
}

const isName = (value: unknown): boolean => typeof value === 'string' && !STACK.test(value);
