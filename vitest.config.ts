import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const here = import.meta.dirname;
const plugins = [
  swc.vite({
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      target: 'es2022',
    },
  }),
];
const resolve = {
  alias: [
    { find: /^@app\/([\w-]+)\/(testing|events)$/, replacement: `${here}/libs/$1/src/$2.ts` },
    { find: /^@app\/([\w-]+)$/, replacement: `${here}/libs/$1/src/index.ts` },
  ],
};

/** What takes times, and what kills processes under load, has the machine to itself. */
const ALONE = ['test/contract/*/speed.e2e-spec.ts', 'test/faults/*.e2e-spec.ts'];

type Files = { include: string[]; exclude: string[]; maxWorkers: number; groupOrder: number };
const endToEnd = (name: string, { groupOrder, ...files }: Files) => ({
  plugins,
  resolve,
  test: {
    name,
    sequence: { groupOrder },
    globalSetup: ['./libs/platform/src/testing/stack.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks' as const,
    isolate: false,
    ...files,
  },
});

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
    projects: [
      {
        plugins,
        resolve,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          isolate: false,
          include: ['{apps,libs}/**/*.spec.ts', 'test/support/**/*.spec.ts'],
          exclude: [
            '**/*.service.spec.ts',
            '**/*.controller.spec.ts',
            '**/*.db.spec.ts',
            '**/node_modules/**',
            'dist/**',
          ],
        },
      },
      {
        plugins,
        resolve,
        test: {
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: ['{apps,libs}/**/*.{service,controller,db}.spec.ts'],
          globalSetup: ['./libs/platform/src/testing/stack.setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          pool: 'forks',
          maxWorkers: 2,
          isolate: false,
        },
      },
      endToEnd('e2e', { include: ['test/**/*.e2e-spec.ts'], exclude: ALONE, maxWorkers: 2, groupOrder: 2 }),
      endToEnd('e2e-alone', { include: ALONE, exclude: [], maxWorkers: 1, groupOrder: 3 }),
    ],
    coverage: {
      provider: 'v8',
      include: ['libs/**/src/**/*.ts'],
      exclude: ['**/*.spec.ts', '**/testing.ts', '**/testing/**'],
      thresholds: { lines: 80, statements: 80 },
    },
  },
});
