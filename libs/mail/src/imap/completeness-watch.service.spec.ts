import { authContexts, ensureTenant } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { Metrics } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailContext } from '../index.js';
import { CompletenessWatch } from './completeness-watch.js';

type Standing = { state?: string; compared?: string; claimed?: number; tries?: number; tenantId?: string };

describe('The watch over completeness', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, mailContext], app: 'worker' });
    await ensureTenant(slice);
  });
  beforeEach(() => slice.empty('mailboxes', 'imap_sources', 'imap_polls', 'imap_uids', 'tenant_holds'));
  afterAll(() => slice?.close());

  const replica = (sql: string): Promise<unknown> =>
    slice.superuser.query(`begin; set local session_replication_role = replica; ${sql}; commit`);
  /** `tries`: how often the one mail that is not stored was asked for; none is left without. */
  const aMailbox = (over: Standing = {}) => {
    const { state = 'ok', compared = '1 minute', claimed = 3, tries, tenantId = TENANT } = over;
    const id = newId();
    const at = `now() - interval '${compared}'`;
    return replica(`
      insert into mailboxes (tenant_id, id, address, name) values ('${tenantId}', '${id}', '${id}@acme.example', 'Acme');
      insert into imap_sources (tenant_id, id, host, port, security, username, password, folder, interval_seconds, marks_seen)
        values ('${tenantId}', '${id}', 'imap.acme.example', 993, 'tls', 'acme', 'sealed', 'INBOX', 60, false);
      insert into imap_polls (tenant_id, id, uid_validity, state, error_code, succeeded_at, compared_at, claimed, listed)
        values ('${tenantId}', '${id}', 7, '${state}', ${state === 'failing' ? `'refused'` : 'null'}, now(), ${at}, ${claimed}, 3);
      insert into imap_uids (tenant_id, mailbox_id, uid_validity, uid, tries)
        select '${tenantId}', '${id}', 7, 1, ${tries ?? 0} where ${tries !== undefined}`);
  };
  const measured = async (): Promise<Record<string, number>> => {
    await slice.get(CompletenessWatch).look();
    const { values } = await slice.get(Metrics).registry.getSingleMetric('mail_mailboxes')!.get();
    return Object.fromEntries(values.map(({ labels, value }) => [`${labels['status']}/${labels['reason']}`, value]));
  };

  it('counts mailboxes as the meter of each would tell, of all tenants', async () => {
    await aMailbox();
    await aMailbox({ tenantId: OTHER_TENANT });
    await aMailbox({ tries: 0 });
    await aMailbox({ tries: 2 });
    await aMailbox({ state: 'failing' });
    await aMailbox({ compared: '3 hours' });
    await aMailbox({ claimed: 4 });
    expect(await measured()).toEqual({
      'complete/none': 2,
      'reading/none': 1,
      'gaps/none': 1,
      'unknown/poll_failing': 1,
      'unknown/comparison_old': 1,
      'unknown/counts_disagree': 1,
    });
  });

  it('forgets what healed, and leaves out a tenant that is held', async () => {
    await aMailbox({ state: 'failing' });
    expect(await measured()).toEqual({ 'unknown/poll_failing': 1 });
    await replica(`insert into tenant_holds (tenant_id) values ('${TENANT}')`);
    expect(await measured()).toEqual({});
  });
});
