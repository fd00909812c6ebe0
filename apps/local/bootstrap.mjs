/**
 * The way into this repository from a bare machine: it needs Node and nothing else. It installs and builds what is
 * out of date, then runs one of the commands below.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, install, prepared } from './prepare.mjs';

const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const inCheckout = (...path) => join(CHECKOUT, ...path);

const USAGE = `node apps/local/bootstrap.mjs <command>

  start [--no-demo]   the whole stack on this machine, with demo data or empty
  dev [--no-demo]     the same, rebuilt and restarted on every change
  reset               drop the data of the stack
  build               compile into dist/
  test [...]          every test; what follows goes to vitest
  vitest [...]        some of them: --project unit | integration | e2e
  check               format, lint, types, boundaries, unused code, unit tests, API and schema drift
  bench [...]         the load benchmark
  cli <command>       migrate, rollback, seed, seed-admin ... against DATABASE_URL or the stack that runs
  new-context <name>  a new bounded context from the pattern
`;

function assertNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const suits = major === 20 ? minor >= 19 : major === 22 ? minor >= 13 : major > 22;
  if (!suits) throw new Error(`Nexus needs Node 20.19 or later, or 22.13 or later; this is ${version}`);
}

/** Runs a program to its end with our terminal. A Ctrl-C reaches it too, so here it only must not end us first. */
function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: CHECKOUT, stdio: 'inherit', ...options });
    const ignore = () => undefined;
    const forward = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore).on('SIGTERM', forward);
    child.once('error', fail).once('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', forward);
      done(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

const node = (...args) => run(process.execPath, args);
const vitest = (args, options) =>
  run(process.execPath, [inCheckout('node_modules/vitest/vitest.mjs'), 'run', ...args], options);

/** Most tests need the sources alone: they run while these are compiled, and the others wait (test/support/built.ts). */
async function everyTest() {
  await prepared(CHECKOUT, install);
  const ended = new AbortController();
  const compiled = prepared(CHECKOUT, build).catch((error) => {
    ended.abort();
    throw error;
  });
  const [, code] = await Promise.all([compiled, vitest([], { signal: ended.signal })]);
  return code;
}

/** The compiled runner, in this very process, so that signals need no forwarding. */
async function local() {
  process.setSourceMapsEnabled(true);
  return import(pathToFileURL(inCheckout('dist/apps/local/src/main.js')).href);
}

const startStack = async (args, dev) => {
  await prepared(CHECKOUT, install, build);
  return (await local()).start({ checkout: CHECKOUT, demo: !args.includes('--no-demo'), dev });
};

/** Only the unit and integration tests run from the sources alone. */
function needsBuild(args) {
  const projects = args.flatMap((arg, index) => {
    if (arg === '--project') return [args[index + 1]];
    return arg.startsWith('--project=') ? [arg.slice('--project='.length)] : [];
  });
  return (
    projects.length === 0 || projects.some((project) => !['unit', 'integration', 'integration-alone'].includes(project))
  );
}

const COMMANDS = {
  start: (args) => startStack(args, false),
  dev: (args) => startStack(args, true),
  reset: async () => {
    await prepared(CHECKOUT, install, build);
    return (await local()).reset({ checkout: CHECKOUT });
  },
  build: async () => {
    await prepared(CHECKOUT, install, build);
    return 0;
  },
  test: async (args) => {
    if (!args.length) return everyTest();
    await prepared(CHECKOUT, install, build);
    return vitest(args);
  },
  vitest: async (args) => {
    await prepared(CHECKOUT, install, ...(needsBuild(args) ? [build] : []));
    return vitest(args);
  },
  check: async () => {
    await prepared(CHECKOUT, install);
    const { check } = await import('./check.mjs');
    return check(CHECKOUT);
  },
  bench: async (args) => {
    await prepared(CHECKOUT, install, build);
    return node(inCheckout('test/load/bench.mjs'), ...args);
  },
  cli: async (args) => {
    await prepared(CHECKOUT, install, build);
    const environment = process.env.DATABASE_URL ? undefined : await (await local()).stackEnvironmentFile(CHECKOUT);
    const flags = environment && existsSync(environment) ? [`--env-file=${environment}`] : [];
    return node(...flags, inCheckout('dist/cli.js'), ...args);
  },
  'new-context': async (args) => {
    await prepared(CHECKOUT, install);
    if (!existsSync(inCheckout('apps/local/new-context.mjs'))) throw new Error('apps/local/new-context.mjs is missing');
    const module = await import('./new-context.mjs');
    return (await module.default?.(args)) ?? 0;
  },
};

async function main([name = '', ...args]) {
  assertNode();
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command(args);
  process.stderr.write(USAGE);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
