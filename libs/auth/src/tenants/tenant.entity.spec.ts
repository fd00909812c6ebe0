import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Tenant, TENANT_STATES } from './tenant.entity.js';

const LATER = new Date('2026-12-02T09:00:00Z');

function aTenant(): Tenant {
  const tenant = Tenant.found({ slug: 'north', title: 'North' });
  tenant.releaseEvents();
  return tenant;
}
const told = (tenant: Tenant): string[] => tenant.releaseEvents().map(({ type }) => type);

describe('Tenant', () => {
  it('goes through the states that the README draws', () => {
    expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toContain(TENANT_STATES.toMermaid());
  });

  it('tells of each change once', () => {
    const tenant = aTenant();
    tenant.suspend();
    tenant.suspend();
    tenant.activate();
    tenant.lock();
    expect(told(tenant)).toEqual(['tenants.suspended', 'tenants.activated', 'tenants.locked']);
  });

  it('is due for deletion at the time it was told, and no more once it is kept', () => {
    const tenant = aTenant();
    tenant.close(LATER);
    expect([tenant.isDue(LATER.toISOString()), tenant.isDue('2026-12-01T09:00:00.000Z')]).toEqual([true, false]);
    tenant.keep();
    expect([tenant.status, tenant.deleteAt, tenant.isDue(LATER.toISOString())]).toEqual(['suspended', null, false]);
    expect(told(tenant)).toEqual(['tenants.closing', 'tenants.suspended']);
  });

  it('works again only after it was kept', () => {
    const tenant = aTenant();
    tenant.close(LATER);
    expect(() => tenant.activate()).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
    expect(() => tenant.lock()).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
  });

  it('is kept only while it is to be deleted', () => {
    expect(() => aTenant().keep()).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
    const locked = aTenant();
    locked.lock();
    expect(() => locked.keep()).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
  });
});
