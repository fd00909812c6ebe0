import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { DateTime } from 'luxon';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { aConfig } from '../config/testing.js';
import type { AppLogger } from './app-logger.js';
import { createLogger, emergencyLogger, type LoggerSetup } from './create-logger.js';
import { requestIdOf, requestLine } from './request-line.js';

type Line = Record<string, unknown> & { level: number; msg?: string };

class Lines {
  readonly texts: string[] = [];
  write(text: string): void {
    this.texts.push(text);
  }
  get parsed(): Line[] {
    return this.texts.map((text) => JSON.parse(text) as Line);
  }
  get last(): Line {
    return this.parsed.at(-1)!;
  }
}

async function aLogger(
  level = 'trace',
  setup: Partial<LoggerSetup> = {},
): Promise<{ logger: AppLogger; lines: Lines }> {
  const lines = new Lines();
  const logger = await createLogger(aConfig({ LOG_LEVEL: level }), { app: 'spec', destination: lines, ...setup });
  return { logger, lines };
}

describe('AppLogger', () => {
  it('writes what Nest’s Logger is told, with its context', async () => {
    const { logger, lines } = await aLogger();
    Logger.overrideLogger(logger);

    new Logger('Bookings').log('Confirmed');
    Logger.overrideLogger(false);

    expect(lines.last).toMatchObject({ level: 30, app: 'spec', context: 'Bookings', msg: 'Confirmed' });
    expect(lines.last.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it.each([
    ['fatal', 60],
    ['error', 50],
    ['warn', 40],
    ['log', 30],
    ['debug', 20],
    ['verbose', 10],
  ] as const)('maps %s to %i', async (method, level) => {
    const { logger, lines } = await aLogger();

    logger[method]('text', 'Here');

    expect(lines.last).toMatchObject({ level, msg: 'text', context: 'Here' });
  });

  it('is silent below its level', async () => {
    const { logger, lines } = await aLogger('warn');

    logger.log('text');
    logger.warn('text');

    expect(lines.parsed.map(({ level }) => level)).toEqual([40]);
  });

  it('tells errors and stacks apart from texts', async () => {
    const { logger, lines } = await aLogger();
    const error = new Error('broken');

    logger.error('Failed', error, 'Here');
    expect(lines.last).toMatchObject({ msg: 'Failed', context: 'Here', err: { type: 'Error', message: 'broken' } });

    logger.error(error);
    expect(lines.last).toMatchObject({ msg: 'broken', err: { message: 'broken' } });

    logger.error('Failed', error.stack, 'Here');
    expect(lines.last).toMatchObject({ msg: 'Failed', context: 'Here', stack: error.stack });
  });

  it('writes fields as fields', async () => {
    const { logger, lines } = await aLogger();

    logger.log('Imported', { rows: 5 }, 'Here');

    expect(lines.last).toMatchObject({ msg: 'Imported', rows: 5, context: 'Here' });
  });

  it('lets no field pass for its own', async () => {
    const { logger, lines } = await aLogger();

    logger.log('real', { level: 60, msg: 'forged', time: 'never', app: 'other', context: 'forged' }, 'Here');

    expect(lines.last).toMatchObject({
      level: 30,
      msg: 'real',
      app: 'spec',
      context: 'Here',
      level_: 60,
      msg_: 'forged',
    });
  });

  it('takes secrets out of messages, fields, and errors, whichever way it is called', async () => {
    const { logger, lines } = await aLogger();
    const canary = 'cAnArY-9f8e7d6c5b4a';

    logger.log(`password=${canary}`);
    logger.warn('Login', { body: { email: 'ada@example.com', password: canary } });
    logger.error(new Error(`token=${canary}`));
    logger.debug({ headers: { authorization: canary } });
    emergencyLogger(lines).info('%s and %o', `Bearer ${canary}`, { secret: canary });
    emergencyLogger(lines).error(new Error(`otp: ${canary}`));

    expect(lines.texts).toHaveLength(6);
    expect(lines.texts.join('')).not.toContain(canary);
    expect(lines.texts.join('')).not.toContain('ada@example.com');
  });

  it('shows contacts at debug alone', async () => {
    const { logger, lines } = await aLogger();

    logger.debug('to ada@example.com');
    logger.log('to ada@example.com');

    expect(lines.parsed.map(({ msg }) => msg)).toEqual(['to ada@example.com', 'to [email]']);
  });

  it('keeps a line one line whatever it is told', async () => {
    const { logger, lines } = await aLogger();

    logger.log('a\r\n{"level":60,"msg":"forged"}\u001b[31m', { 'k\n': 'v\n' });

    expect(lines.texts[0]!.trimEnd()).not.toMatch(/[\r\n\u001b]/);
    expect(lines.last.level).toBe(30);
  });

  it('adds the scope to each line, and leaves a request line to its own', async () => {
    const scope = () => ({ requestId: 'r-1', tenantId: 't-1' });
    const { logger, lines } = await aLogger('info', { scope });

    logger.log('text');
    expect(lines.last).toMatchObject({ requestId: 'r-1', tenantId: 't-1' });

    logger.request(requestLine({ method: 'GET', route: '/x/:id', status: 200, milliseconds: 1.26, requestId: 'r-2' }));
    expect(lines.last).toMatchObject({ method: 'GET', route: '/x/:id', status: 200, ms: 1.3, requestId: 'r-2' });
    expect(lines.last).not.toHaveProperty('tenantId');
    expect(lines.texts.at(-1)!.match(/requestId/g)).toHaveLength(1);
  });
});

describe('Log files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nexus-logs-'));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const open = (path: string, lines: Lines) =>
    createLogger(aConfig({ LOG_LEVEL: 'info', LOG_FILES: 'true', LOG_DIR: path }), { app: 'spec', destination: lines });
  const contents = (kind: string): string[] =>
    readdirSync(directory)
      .filter((name) => name.startsWith(kind))
      .flatMap((name) => readFileSync(join(directory, name), 'utf8').trim().split('\n'))
      .map((line) => (JSON.parse(line) as Line).msg ?? '');

  it('hold everything in combined and errors in error, a file a day, written out by a flush', async () => {
    const logger = await open(directory, new Lines());

    logger.log('one');
    logger.error('two');
    logger.fatal('three');
    logger.flush();

    // a line that was on its way already lands by itself, perhaps a moment after the flush
    await expect.poll(() => contents('combined').sort()).toEqual(['one', 'three', 'two']);
    await expect.poll(() => contents('error').sort()).toEqual(['three', 'two']);
    expect(readdirSync(directory)).toContainEqual(expect.stringMatching(/^combined\.\d{4}-\d\d-\d\d\.1\.log$/));
  });

  it.runIf(existsSync('/dev/full'))('on a full disk are given up at the end, which they do not hold up', async () => {
    mkdirSync(directory, { recursive: true });
    const today = new Date().toLocaleDateString('sv');
    for (const kind of ['combined', 'error']) symlinkSync('/dev/full', join(directory, `${kind}.${today}.1.log`));
    const logger = await open(directory, new Lines());

    for (let n = 0; n < 1000; n++) logger.log(`line ${n}`);
    await new Promise((done) => setTimeout(done, 150)); // the first of them were refused by now
    const began = performance.now();
    logger.flush();

    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('that cannot be opened are told of, and the rest goes on', async () => {
    const file = join(tmpdir(), `nexus-not-a-directory-${process.pid}`);
    writeFileSync(file, '');
    const lines = new Lines();

    const logger = await open(join(file, 'logs'), lines);
    logger.log('still here');
    await new Promise((done) => setTimeout(done, 250)); // what would write later has nowhere to

    expect(lines.parsed.map(({ msg }) => msg)).toEqual(['Log files are off: they cannot be opened', 'still here']);
    rmSync(file);
  });

  it('move on at midnight, and one that cannot be opened ends nothing then', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const file = join(tmpdir(), `nexus-not-a-directory-${process.pid}`);
    writeFileSync(file, '');
    onTestFinished(() => rmSync(file));
    const logger = await open(directory, new Lines());
    await open(join(file, 'logs'), new Lines());
    const tomorrow = DateTime.local().plus({ days: 1 });
    const next = `combined.${tomorrow.toISODate()}.1.log`;

    vi.advanceTimersByTime(tomorrow.toMillis() - Date.now());
    vi.useRealTimers();
    await expect.poll(() => readdirSync(directory)).toContain(next);
    logger.log('another day');
    logger.flush();

    await expect.poll(() => readFileSync(join(directory, next), 'utf8')).toContain('another day');
  });
});

describe('A request’s id', () => {
  it.each(['abc', '01890a5d-ac96-774b-bcce-b302099a8057', 'A.b_c-9', 'x'.repeat(64)])(
    'is the caller’s when it is %s',
    (given) => {
      expect(requestIdOf(given)).toBe(given);
    },
  );

  it.each([undefined, '', 'x'.repeat(65), 'a b', 'a\nb', '<script>', 'ü', ['a', 'b']])(
    'is a new one instead of %j',
    (given) => {
      expect(requestIdOf(given)).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});
