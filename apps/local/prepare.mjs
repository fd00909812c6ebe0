import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOCK_POLL_MS = 300;
const SOURCES = [
  'apps',
  'libs',
  'nest-cli.json',
  'rolldown.config.js',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'pnpm-lock.yaml',
];
const NOT_BUILT = /\.(spec\.ts|md|mjs)$/;

const say = (part, line) => process.stdout.write(`${part.padEnd(10)} ${line}\n`);
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** The hash of what a step was made from, kept in a stamp beside what it made. */
function hashOf(checkout, names) {
  const hash = createHash('sha256');
  const add = (name) => {
    const path = join(checkout, name);
    if (!existsSync(path) || NOT_BUILT.test(name)) return;
    if (statSync(path).isDirectory()) {
      for (const each of readdirSync(path).sort()) add(join(name, each));
    } else {
      hash.update(name).update('\0').update(readFileSync(path)).update('\0');
    }
  };
  names.forEach(add);
  return hash.digest('hex');
}

/** Runs a program to its end; what it tells goes to our terminal unless only its errors matter. */
function run(cwd, command, args, told = 'inherit') {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', told, 'inherit'] });
    child.once('error', fail).once('exit', (code, signal) => {
      if (code === 0) done();
      else
        fail(
          new Error(`${command} ${args.join(' ')} ${signal ? `was ended by ${signal}` : `ended with code ${code}`}`),
        );
    });
  });
}

async function step(part, doing, work) {
  const began = performance.now();
  say(part, doing);
  await work();
  say(part, `done in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/** The packages, unless the lockfile and the manifest are those they were installed from. */
export async function install(checkout) {
  const stamp = join(checkout, 'node_modules', '.nexus-installed');
  const wanted = hashOf(checkout, [
    'package.json',
    'clients/typescript/package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'libs/mail/patches',
  ]);
  if (read(stamp) === wanted) return;
  const { packageManager } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const [manager] = packageManager.split('+');
  // The development packages hold the local PostgreSQL, and the terminal may be none that could answer a question.
  const flags = ['install', '--frozen-lockfile', '--prod=false', '--config.confirmModulesPurge=false'];
  await step('packages', `installing with ${manager}`, () => run(checkout, 'npx', ['-y', manager, ...flags]));
  writeFileSync(stamp, wanted);
}

/** The compiled code, unless the sources are those it was compiled from. */
export async function build(checkout) {
  const stamp = join(checkout, 'dist', '.nexus-built');
  const wanted = hashOf(checkout, SOURCES);
  if (read(stamp) === wanted) return;
  // Without a stamp the compiler's own record of what it wrote cannot be trusted either.
  if (existsSync(stamp)) rmSync(stamp);
  else rmSync(join(checkout, 'dist'), { recursive: true, force: true });
  const nest = join(checkout, 'node_modules/@nestjs/cli/bin/nest.js');
  const rolldown = join(checkout, 'node_modules/rolldown/bin/cli.mjs');
  rmSync(join(checkout, 'dist', 'bundles'), { recursive: true, force: true });
  await step('build', 'compiling the sources', async () => {
    await run(checkout, process.execPath, [nest, 'build']);
    await run(checkout, process.execPath, [rolldown, '--config'], 'ignore');
    await run(checkout, process.execPath, ['apps/local/keep-compiled.mjs'], 'ignore');
  });
  writeFileSync(stamp, wanted);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** One process at a time installs and builds a checkout. A lock whose holder died is taken over. */
async function locked(checkout, work) {
  const folder = join(checkout, '.nexus');
  const lock = join(folder, 'prepare.lock');
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
  }
  for (let told = false; ;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(read(lock));
    if (holder && !isAlive(holder)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!told) say('prepare', `waiting for process ${holder || '?'}, which prepares this checkout`);
    told = true;
    await sleep(LOCK_POLL_MS);
  }
  const unlock = () => rmSync(lock, { force: true });
  process.once('exit', unlock);
  try {
    await work();
  } finally {
    unlock();
    process.off('exit', unlock);
  }
}

/** Runs the steps in order, each of which does nothing when its result is up to date. */
export async function prepared(checkout, ...steps) {
  await locked(checkout, async () => {
    for (const each of steps) await each(checkout);
  });
}
