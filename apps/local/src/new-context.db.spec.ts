import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { authContexts, signIn } from '@app/auth/testing';
import type { ContextDefinition } from '@app/platform';
import { bootSlice } from '@app/platform/testing';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');

/** The pattern filled in, where packages are found and nothing else looks. */
async function aStampedContext(plural: string, singular: string): Promise<ContextDefinition> {
  mkdirSync(join(ROOT, '.nexus'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.nexus/stamped-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const tool = pathToFileURL(join(ROOT, 'apps/local/new-context.mjs')).href;
  const { stamp } = (await import(/* @vite-ignore */ tool)) as { stamp: (...names: string[]) => void };
  stamp(folder, plural, singular);
  const exported = (await import(/* @vite-ignore */ join(folder, 'src/index.ts'))) as Record<string, unknown>;
  return exported.bonusPointsContext as ContextDefinition;
}

it('A context as npm run new:context makes it boots and answers', async () => {
  const context = await aStampedContext('bonus-points', 'bonus-point');
  const slice = await bootSlice({ contexts: [...authContexts, context] });
  onTestFinished(() => slice.close());
  const { token } = await signIn(slice, { grants: ['bonus-points:read', 'bonus-points:manage'] });
  const call = (method: 'GET' | 'POST' | 'PUT', path = '', body?: object) =>
    slice.http(method, `/api/v1/bonus-points${path}`, { token, body });
  const made = await call('POST', '', { name: 'First' });
  expect(made).toMatchObject({ status: 201, body: { name: 'First', version: 1 } });
  expect(await call('POST', '', { name: 'first' })).toMatchObject({
    status: 409,
    body: { code: 'bonus_point_name_taken' },
  });
  expect((await call('PUT', `/${made.body.id}`, { name: 'Second' })).body.version).toBe(2);
  expect((await call('GET', `/${made.body.id}`)).body.name).toBe('Second');
  expect((await call('GET', '?name=Second')).body.meta.total).toBe(1);
});
