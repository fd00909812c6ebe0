import { type Options, transform } from '@swc/core';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const here = import.meta.dirname;
const COMPILED: Options = {
  swcrc: false,
  sourceMaps: true,
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
    target: 'es2022',
  },
};
/** Decorators with the metadata of their types, which Vite's own compiler does not write. */
const swc = {
  name: 'swc',
  config: () => ({ oxc: false as const }),
  transform: async (code: string, filename: string) =>
    filename.endsWith('.ts') ? transform(code, { ...COMPILED, filename }) : null,
};
const plugins = [swc];
const resolve = {
  alias: [
    { find: /^@app\/([\w-]+)\/(testing|testing\/servers|events)$/, replacement: `${here}/libs/$1/src/$2.ts` },
    { find: /^@app\/([\w-]+)$/, replacement: `${here}/libs/$1/src/index.ts` },
  ],
};

/** On two cores: they wait a good deal, for PostgreSQL and for each other's processes. */
const AT_ONCE = 3;

/** What takes times has the machine to itself. */
const ALONE = ['test/contract/*/speed.e2e-spec.ts', 'test/hostile-mail.e2e-spec.ts'];
/** What kills processes under load has it to its own kind. */
const FAULTS = ['test/faults/*.e2e-spec.ts'];

const ON_SERVERS = '{apps,libs}/**/*.{service,controller,db}.spec.ts';
/**
 * Sealing waits for the oldest transaction of the whole server, whichever database it is in: nobody else works on it. First,
 * while the product is compiled, which leaves one core of two.
 */
const SEALING = 'libs/audit/**/*.{service,controller,db}.spec.ts';

/** These take longest, much of it waiting: begun last, one of them would run on alone. */
const LONGEST = /\/test\/(input|desk|sales|operations|security|outbox|swagger|contract\/readme)\.e2e-spec\.ts$/;
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONGEST.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** Milliseconds, of a slow machine that does other things too; what has to be fast says so itself. */
const PATIENCE = [60_000, 120_000];
/** So too for what a test waits to see: who sees it goes on at once. */
const POLLED = { poll: { timeout: 20_000 } };

type Files = { include: string[]; exclude: string[]; maxWorkers: number; groupOrder: number };
const onServers = (name: string, { groupOrder, ...files }: Files, [testTimeout, hookTimeout] = PATIENCE) => ({
  plugins,
  resolve,
  test: {
    name,
    sequence: { groupOrder },
    globalSetup: ['./libs/platform/src/testing/stack.setup.ts'],
    testTimeout,
    hookTimeout,
    expect: POLLED,
    pool: 'forks' as const,
    isolate: false,
    ...files,
  },
});
const endToEnd = (name: string, files: Files) => {
  const project = onServers(name, files, [120_000, 240_000]);
  return { ...project, test: { ...project.test, setupFiles: ['./test/support/built.ts'] } };
};

/**
 * The files of a worker share what they load (`isolate: false`): to load it anew for each is a third of a run's time.
 * What a file changes in it, or in its environment, it puts back.
 *
 * Three sizes. `unit`: pure, no process beside it. `integration`: a context on a real PostgreSQL and Redis.
 * `e2e`: the built API and worker as processes, stories over HTTP and SMTP.
 */
export default defineConfig({
  plugins,
  resolve,
  test: {
    // Each project would compile the sources anew: what one has compiled, the others and the next run read.
    experimental: { fsModuleCache: true },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        plugins,
        resolve,
        test: {
          name: 'unit',
          testTimeout: PATIENCE[0],
          sequence: { groupOrder: 1 },
          maxWorkers: AT_ONCE,
          isolate: false,
          include: ['{apps,libs,clients}/**/*.spec.ts', 'test/support/**/*.spec.ts'],
          exclude: [
            '**/*.service.spec.ts',
            '**/*.controller.spec.ts',
            '**/*.db.spec.ts',
            '**/node_modules/**',
            'dist/**',
          ],
        },
      },
      onServers('integration', { include: [ON_SERVERS], exclude: [SEALING], maxWorkers: AT_ONCE, groupOrder: 1 }),
      onServers('integration-alone', { include: [SEALING], exclude: [], maxWorkers: 1, groupOrder: 0 }),
      endToEnd('e2e', {
        include: ['test/**/*.e2e-spec.ts'],
        exclude: [...ALONE, ...FAULTS],
        maxWorkers: AT_ONCE,
        groupOrder: 3,
      }),
      endToEnd('e2e-faults', { include: FAULTS, exclude: [], maxWorkers: AT_ONCE, groupOrder: 5 }),
      endToEnd('e2e-alone', { include: ALONE, exclude: [], maxWorkers: 1, groupOrder: 4 }),
    ],
    coverage: {
      provider: 'v8',
      include: ['libs/**/src/**/*.ts'],
      exclude: ['**/*.spec.ts', '**/testing.ts', '**/testing/**'],
      thresholds: { lines: 80, statements: 80 },
    },
  },
});
