import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const NOW = new Date('2031-03-03T10:00:00Z'); // no timer comes due while a test runs
const DESK = ['inquiries:create', 'customers:read_all', 'inquiries:update_all', 'inquiries:take'];

describe('The export of inquiries', () => {
  let slice: Slice;
  let [clerk, other]: SignedIn[] = [];
  const clock = new FixedClock(NOW);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, clock });
    clerk = await signIn(slice, { grants: [...DESK, 'inquiries:read_all', 'inquiries:export'] });
    other = await signIn(slice, { grants: [...DESK, 'inquiries:read_own', 'inquiries:export'] });
  });
  afterAll(() => slice.close());

  const get = (query = '', who = clerk) =>
    slice.http('GET', `/api/v1/inquiries/export.csv${query}`, { token: who!.token });
  const ask = async (subject: string, who = clerk) => {
    const customerId = await slice.as(who!.actor, () => aKnownCustomer(slice));
    const body = { customerId, subject, message: 'Late.' };
    return (await slice.http('POST', '/api/v1/inquiries', { token: who!.token, body })).body as {
      id: string;
      reference: string;
    };
  };
  const rowsOf = (csv: string): Record<string, string>[] => {
    const [head = '', ...lines] = csv.trimEnd().split('\r\n');
    const names = head.split(',');
    return lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [names[at]!, cell])));
  };

  it('has one row an inquiry, with what was promised and kept, and runs no formula', async () => {
    const { id, reference } = await ask('=cmd|calc');
    await slice.http('POST', `/api/v1/inquiries/${id}/take`, { token: clerk!.token });
    clock.set(new Date(NOW.getTime() + 60_000));
    await slice.http('POST', `/api/v1/inquiries/${id}/resolve`, { token: clerk!.token });
    clock.set(NOW);
    const { status, headers, body } = await get();
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/csv');
    expect(headers['content-disposition']).toContain('inquiries.csv');
    expect(rowsOf(body as string)).toMatchObject([
      {
        ...{ reference, subject: "'=cmd|calc", status: 'resolved', assignedTo: clerk!.userId, firstRespondedAt: '' },
        ...{
          firstResponsePromise: 'cancelled',
          nextResponsePromise: '',
          resolutionPromise: 'met',
          escalatedSteps: '0',
          customFields: '{}',
        },
      },
    ]);
  });

  it('has what may be read alone, and of the time that is asked for', async () => {
    const own = await ask('Mine', other);
    expect(rowsOf((await get('', other)).body as string).map(({ reference }) => reference)).toEqual([own.reference]);
    expect(rowsOf((await get('?until=2001-01-01T00:00:00Z')).body as string)).toEqual([]);
    expect((await get('?from=yesterday')).status).toBe(400);
  });

  it('has all of them, however many batches they are', async () => {
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${clerk!.userId}', true);
       insert into inquiries (tenant_id, id, number, customer_id, subject, message, status, priority, channel, created_by, message_count, customer_message_count, last_customer_message_at)
         select tenant_id, gen_random_uuid(), 1000 + n, customer_id, subject, message, 'new', priority, channel, created_by, 1, 1, now()
         from (select * from inquiries limit 1) one, generate_series(1, 1200) n; commit`,
    );
    const rows = rowsOf((await get()).body as string);
    expect(new Set(rows.map(({ reference }) => reference)).size).toBe(1202);
  });

  it('is on record, and is for who may and has shown lately who they are', async () => {
    await get('?from=2026-01-01T00:00:00Z');
    const { rows } = await slice.superuser.query(
      `select actor_id, after from audit_log where entity = 'inquiries' and action = 'exported' order by id desc limit 1`,
    );
    expect(rows).toEqual([{ actor_id: clerk!.userId, after: { from: '2026-01-01T00:00:00.000Z' } }]);
    const reader = await signIn(slice, { grants: ['inquiries:read_all'] });
    expect((await get('', reader)).status).toBe(403);
    const late = await signIn(slice, { grants: ['inquiries:read_all', 'inquiries:export'] });
    await slice.superuser.query(`update sessions set proven_at = proven_at - interval '1 hour' where id = $1`, [
      late.sessionId,
    ]);
    expect((await get('', late)).body).toMatchObject({ status: 403, code: 'step_up_required' });
  });
});
