import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import type { Level, Logger as Pino } from 'pino';
import type { RequestLine } from './request-line.js';

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
    const fields: Record<string, unknown> = {};
    const texts: string[] = [];
    for (const value of values) {
      if (value instanceof Error) fields.err = value;
      else if (typeof value === 'object' && value !== null) Object.assign(fields, fieldsOf(value));
      else if (isStack(value)) fields.stack = value;
      else if (value !== undefined) texts.push(typeof value === 'string' ? value : inspect(value));
    }
    if (context !== undefined) fields.context = context;
    const text = texts.join(' ') || (fields.err instanceof Error ? fields.err.message : undefined);
    this.pino[level](fields, text);
  }
}

/** What the logger itself writes is not for a caller's object to repeat: of two equal keys a reader takes the last. */
function fieldsOf(value: object): object {
  if (Array.isArray(value)) return { items: value };
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [OWN.has(name) ? `${name}_` : name, field]));
}

const OWN = new Set(['level', 'time', 'app', 'pid', 'msg']);

const isStack = (value: unknown): boolean => typeof value === 'string' && /\n[ \t]+at ./.test(value);
const isName = (value: unknown): boolean => typeof value === 'string' && !isStack(value);
