import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

const paths = {
  '@app/customers/events': ['./libs/customers/src/events.ts'],
  '@app/customers/testing': ['./libs/customers/src/testing.ts'],
  '@app/*': ['./libs/*/src/index.ts'],
};

const sound = {
  'libs/kernel/src/index.ts': 'export const defineEvent = 1;',
  'libs/platform/src/index.ts': `export * from '@app/kernel';`,
  'libs/customers/src/index.ts': `export * from './customers.facade.js';`,
  'libs/customers/src/events.ts': `import { defineEvent } from '@app/kernel'; export const Merged = defineEvent;`,
  'libs/customers/src/customers.facade.ts': `import { Customer } from './customer.entity.js'; export const facade = Customer;`,
  'libs/customers/src/customer.entity.ts': `import { Column } from 'typeorm'; export const Customer = Column;`,
  'libs/customers/src/testing.ts': `export { Customer as aCustomer } from './customer.entity.js';`,
  'libs/bookings/src/index.ts': `export * from './bookings.service.js';`,
  'libs/bookings/src/bookings.service.ts': `import { facade } from '@app/customers'; export const bookings = facade;`,
  'libs/bookings/src/bookings.service.spec.ts': `import { aCustomer } from '@app/customers/testing'; export default aCustomer;`,
  'libs/catalog/src/catalog.worker.ts': `import { Merged } from '@app/customers/events'; export default Merged;`,
  'apps/api/src/main.ts': `import { bookings } from '@app/bookings'; import '@app/platform'; export default bookings;`,
};

const faults: [sentence: string, rule: string, file: string, text: string][] = [
  ['a call against the map', 'catalog-calls-nobody', 'libs/catalog/src/a.ts', `import '@app/customers';`],
  [
    "another context's entity",
    'through-the-front-door',
    'libs/bookings/src/bookings.queries.ts',
    `import '../../customers/src/customer.entity.js';`,
  ],
  ['an event that drags in its entity', 'events-are-a-leaf', 'libs/deals/src/events.ts', `import './deal.entity.js';`],
  [
    'an event built on another',
    'events-are-a-leaf',
    'libs/work/src/events.ts',
    `import type {} from '@app/customers/events';`,
  ],
  [
    'an entity that calls a service',
    'domain-is-plain',
    'libs/deals/src/deal.entity.ts',
    `import './deals.service.js';`,
  ],
  ['a policy on Nest', 'domain-is-plain', 'libs/deals/src/deal.policy.ts', `import '@nestjs/common';`],
  ['a use case that knows the wire', 'services-know-no-wire', 'libs/deals/src/deals.service.ts', `import 'fastify';`],
  ['a controller with data', 'controllers-hold-no-data', 'libs/deals/src/deals.controller.ts', `import 'typeorm';`],
  [
    'an entity handed out',
    'front-door-keeps-rows-inside',
    'libs/deals/src/index.ts',
    `export * from './deal.entity.js';`,
  ],
  [
    'a builder in the product',
    'testing-stays-in-tests',
    'libs/deals/src/deals.worker.ts',
    `import '@app/customers/testing';`,
  ],
  ['a kernel with a framework', 'kernel-stands-alone', 'libs/kernel/src/clock.ts', `import '@nestjs/common';`],
  [
    'a platform that knows a context',
    'platform-knows-no-context',
    'libs/platform/src/relay.ts',
    `import '@app/customers/events';`,
  ],
  ['an app with data of its own', 'apps-only-compose', 'apps/worker/src/main.ts', `import 'pg';`],
  [
    'a library that imports an app',
    'nobody-imports-an-app',
    'libs/work/src/a.ts',
    `import '../../../apps/api/src/main.js';`,
  ],
  ['a context that is not on the map', 'on-the-map', 'libs/telepathy/src/index.ts', `import '@app/kernel';`],
  [
    'a development package in the product',
    'product-needs-no-dev-dependency',
    'libs/leads/src/a.ts',
    `import 'fast-check';`,
  ],
  ['an import that nothing resolves', 'imports-resolve', 'libs/leads/src/b.ts', `import '@app/custmers';`],
  ['a spec that others import', 'no-spec-is-imported', 'libs/leads/src/c.spec.ts', `import './d.spec.js';`],
  ['a cycle of types alone', 'no-cycle', 'libs/leads/src/e.ts', `import type {} from './f.js'; export type E = 1;`],
];

const besides = {
  'libs/leads/src/d.spec.ts': '',
  'libs/leads/src/f.ts': `import type { E } from './e.js'; export type F = E;`,
};

type Violation = { from: string; rule: { name: string } };

let house: string;
let violations: Violation[];

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), `${text}\n`);
  }
}

function cruise(): Violation[] {
  const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [depcruise, 'apps', 'libs', '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json'];
  // The JSON reporter exits 0 whatever it found: what it found is in the report.
  const report = execFileSync(process.execPath, args, { cwd: house, encoding: 'utf8' });
  return (JSON.parse(report) as { summary: { violations: Violation[] } }).summary.violations;
}

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'boundaries-'));
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
  write({
    'package.json': JSON.stringify({ type: 'module', devDependencies: { 'fast-check': '*' } }),
    'tsconfig.json': JSON.stringify({ compilerOptions: { module: 'nodenext', paths } }),
    ...sound,
  });
}, 30_000);

afterAll(() => rmSync(house, { recursive: true }));

describe('The boundaries', () => {
  it('let a context use what the map allows', () => {
    expect(cruise()).toEqual([]);
  });

  describe('refuse', () => {
    beforeAll(() => {
      write({ ...besides, ...Object.fromEntries(faults.map(([, , file, text]) => [file, text])) });
      violations = cruise();
    }, 30_000);

    it.each(faults)('%s (%s)', (_sentence, rule, file) => {
      expect(violations.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule);
    });
  });
});
