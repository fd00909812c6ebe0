import { AuthFacade } from '@app/auth';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dealsContexts } from '../testing.js';

describe('A new tenant', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts, app: 'worker' });
  });
  afterAll(() => slice.close());

  it('has a pipeline to sell by', async () => {
    const { id } = await slice.get(AuthFacade).createTenant({ slug: 'fresh', title: 'Fresh' });
    await slice.settled();
    const { rows } = await slice.superuser.query<{ name: string; stages: string[] }>(
      `select p.name, array_agg(s.name order by s.position) as stages from pipelines p
       join pipeline_stages s on s.tenant_id = p.tenant_id and s.pipeline_id = p.id
       where p.tenant_id = $1 and p.is_default group by p.name`,
      [id],
    );
    expect(rows).toEqual([{ name: 'Sales', stages: ['Qualification', 'Proposal', 'Negotiation'] }]);
  });
});
