import { Linter } from 'eslint';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

let config: Linter.Config[];

beforeAll(async () => {
  const { default: all } = (await import(join(root, 'eslint.config.js'))) as { default: Linter.Config[] };
  const parser = { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser as Linter.Parser } };
  config = [parser, ...all.filter(({ name }) => name?.startsWith('nexus/'))];
});

function broken(filename: string, code: string): (string | null)[] {
  return new Linter({ cwd: root }).verify(code, config, { filename: join(root, filename) }).map(({ ruleId }) => ruleId);
}

const SERVICE = 'libs/bookings/src/bookings.service.ts';
const ENTITY = 'libs/bookings/src/booking.entity.ts';
const SPEC = 'libs/bookings/src/booking.spec.ts';
const MAIN = 'apps/api/src/main.ts';

describe('The lint rules', () => {
  it.each<[rule: string, file: string, code: string]>([
    ['no-built-sql', SERVICE, 'query.where(`name = ${name}`);'],
    ['no-built-sql', SERVICE, 'query.andWhere("name = " + name);'],
    ['no-built-sql', SERVICE, 'query.addOrderBy(`c.${column}`);'],
    ['no-forward-ref', SERVICE, 'import { forwardRef } from "@nestjs/common";'],
    ['no-synchronize', MAIN, 'new DataSource({ synchronize: true });'],
    ['no-synchronize', MAIN, 'new DataSource({ synchronize: development });'],
    ['no-queue-outside-platform', SERVICE, 'import { InjectQueue } from "@nestjs/bull";'],
    ['no-queue-outside-platform', SERVICE, 'import type { Queue } from "bull";'],
    ['time-comes-in', ENTITY, 'const now = new Date();'],
    ['time-comes-in', ENTITY, 'const now = Date.now();'],
    ['no-env-outside-config', SERVICE, 'process.env.SMTP_URL;'],
    ['no-http-in-domain', SERVICE, 'import { NotFoundException } from "@nestjs/common";'],
    ['no-global-fetch', SERVICE, 'fetch("https://example.com");'],
    ['no-global-fetch', SERVICE, 'globalThis.fetch("https://example.com");'],
    ['no-test-left-out', SPEC, 'it.only("ends", () => {});'],
    ['no-test-left-out', SPEC, 'describe.skip.each([1])("%s", () => {});'],
    ['sentences-without-should', SPEC, 'it("should end", () => {});'],
    ['sentences-without-should', SPEC, 'it.each([1])("should end", () => {});'],
    ['five-dependencies', SERVICE, 'class A { constructor(a, b, c, d, e, f) {} }'],
  ])('%s refuses, in %s: %s', (rule, file, code) => {
    expect(broken(file, code)).toEqual([`nexus/${rule}`]);
  });

  it.each<[file: string, code: string]>([
    [SERVICE, 'query.where("name = :name", { name });'],
    [SERVICE, 'query.where(`\n name = :name`, { name });'],
    [SERVICE, 'const now = new Date(); const then = new Date(0);'],
    [ENTITY, 'const then = new Date(now);'],
    [MAIN, 'new DataSource({ synchronize: false });'],
    ['libs/platform/src/config/config.ts', 'process.env.SMTP_URL;'],
    ['libs/platform/src/jobs/jobs.ts', 'import type { Queue } from "bull";'],
    ['libs/platform/src/http/problem.filter.ts', 'import { HttpException } from "@nestjs/common";'],
    [SPEC, 'fetch("http://127.0.0.1"); process.env.NEXUS_TEST_POSTGRES;'],
    [SPEC, 'it("ends", () => {}); it.each([1])("ends", () => {}); it.skipIf(windows)("ends", () => {});'],
    [SERVICE, 'class A { constructor(a, b, c, d, e) {} }'],
  ])('allow, in %s: %s', (file, code) => {
    expect(broken(file, code)).toEqual([]);
  });
});
