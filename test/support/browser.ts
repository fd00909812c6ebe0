import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Page } from 'playwright-core';

const run = promisify(execFile);

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const ADVICE =
  'This test needs Chromium: install it (on Debian and Ubuntu `apt-get install chromium`) or set CHROMIUM_PATH';

const find = (): string | undefined => [process.env.CHROMIUM_PATH ?? '', ...PLACES].find((path) => existsSync(path));

const isRootOnDebian = (): boolean =>
  process.getuid?.() === 0 &&
  existsSync('/etc/os-release') &&
  /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));

async function install(): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update'], { env, maxBuffer: 2 ** 24 });
  await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env, maxBuffer: 2 ** 24 });
}

/** The browser to run; as root on Debian or Ubuntu it is installed where there is none. @throws Error with what to do */
async function executable(): Promise<string> {
  if (process.env.CHROMIUM_PATH && !existsSync(process.env.CHROMIUM_PATH)) {
    throw new Error(`CHROMIUM_PATH names ${process.env.CHROMIUM_PATH}, where nothing is`);
  }
  if (!find() && isRootOnDebian()) {
    await install().catch((error: Error) => {
      throw new Error(`${ADVICE} (apt-get failed: ${error.message.trim()})`);
    });
  }
  const path = find();
  if (!path) throw new Error(ADVICE);
  return path;
}

export type Browser = { page: Page; /** What the page complained of. */ errors: string[]; close(): Promise<void> };

/** A browser that nobody used before, in a profile of its own. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await executable();
  const profile = await mkdtemp(join(tmpdir(), 'nexus-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 1000 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const close = async (): Promise<void> => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { page, errors, close };
}
