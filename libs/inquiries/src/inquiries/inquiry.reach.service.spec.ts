import { type SignedIn, signIn } from '@app/auth/testing';
import { CustomersFacade } from '@app/customers';
import { type Actor, newId } from '@app/kernel';
import { Database, InquiryReachPort, parseListQuery, Ports, RecordNotFound } from '@app/platform';
import { anActor, bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InquiriesFacade } from '../inquiries.facade.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';
import { InquiriesQueries } from './inquiries.queries.js';
import { InquiryList } from './inquiries.list.js';
import { InquiryPermissions } from './inquiry.policy.js';
import { Openings } from './openings.service.js';

const [MINE, THEIRS] = [newId(), newId()];
const KINDS = [
  'created',
  'assigned',
  'of-my-team',
  'with-a-colleague',
  'with-another-in-my-team',
  'of-another-team',
  'of-nobody',
] as const;
type Kind = (typeof KINDS)[number];

describe('The reach of a permission on inquiries', () => {
  let slice: Slice;
  let me: SignedIn;
  let colleague: SignedIn;
  let stranger: SignedIn;
  const ids = {} as Record<Kind, string>;
  const customers = {} as Record<Kind, string>;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    me = await signIn(slice, { teams: [MINE] });
    colleague = await signIn(slice, { teams: [MINE] });
    stranger = await signIn(slice, { teams: [THEIRS] });
    await open('created', { createdBy: me.userId });
    await open('assigned', { assignedTo: me.userId, teamId: THEIRS });
    await open('of-my-team', { teamId: MINE });
    await open('with-a-colleague', { assignedTo: colleague.userId });
    await open('with-another-in-my-team', { assignedTo: stranger.userId, teamId: MINE });
    await open('of-another-team', { teamId: THEIRS });
    await open('of-nobody', {});
  });
  afterAll(() => slice.close());

  async function open(kind: Kind, of: { createdBy?: string; assignedTo?: string; teamId?: string }): Promise<void> {
    await slice.as(anActor(), async () => {
      customers[kind] = await aKnownCustomer(slice);
      const opening = { customerId: customers[kind], subject: kind, message: kind, channel: 'phone' as const };
      const inquiry = await slice
        .get(Openings)
        .open({ createdBy: newId(), teamId: null, ...opening, ...of }, {}, new Date());
      ids[kind] = inquiry.id;
      await slice.superuser.query(`set session app.actor_id = '${me.userId}'`);
      if (of.assignedTo)
        await slice.superuser.query('update inquiries set assigned_to = $2 where id = $1', [inquiry.id, of.assignedTo]);
    });
  }

  const acting = (grants: string[]): Actor => anActor(grants, { id: me.userId, teams: [MINE] });
  const OWN: Kind[] = ['created', 'assigned', 'of-my-team'];
  const TEAM: Kind[] = [...OWN, 'with-a-colleague', 'with-another-in-my-team'];

  it.each<[string, readonly Kind[]]>([
    ['own', OWN],
    ['team', TEAM],
    ['all', KINDS],
  ])('%s is the same for the list, the record and other contexts', async (scope, expected) => {
    const actor = acting([`inquiries:read_${scope}`]);
    const facade = slice.get(InquiriesFacade);
    await slice.as(actor, async () => {
      const page = await slice.get(InquiriesQueries).list(parseListQuery({ limit: '100' }, InquiryList));
      expect(page.data.map(({ subject }) => subject).sort()).toEqual([...expected].sort());
      for (const kind of KINDS) {
        const read = facade.assertReadable(actor, ids[kind]);
        if (expected.includes(kind)) await read;
        else await expect(read).rejects.toThrow(RecordNotFound);
      }
      const [port] = slice.get(Ports).all(InquiryReachPort);
      for (const way of [
        (params: unknown[]) => facade.reach('r.id', actor, InquiryPermissions.read, params),
        (params: unknown[]) => port!.predicate('r.id', actor, params),
      ]) {
        const params: unknown[] = [];
        const sql = `select r.subject from inquiries r where ${way(params)}`;
        const rows = await slice.get(Database).query<{ subject: string }>(sql, params);
        expect(rows.map(({ subject }) => subject).sort()).toEqual([...expected].sort());
      }
    });
  });

  it('of what belongs to an inquiry extends to those that were merged into it', async () => {
    const actor = acting(['inquiries:read_own']);
    const [port] = slice.get(Ports).all(InquiryReachPort);
    const isShown = async (): Promise<boolean> => {
      const params: unknown[] = [ids['of-another-team']];
      const sql = `select 1 from inquiries r where r.id = $1 and ${port!.predicate('r.id', actor, params)}`;
      return (await slice.as(actor, () => slice.get(Database).query(sql, params))).length === 1;
    };
    const merge = (status: string, into: string | null, before: string | null) =>
      slice.superuser.query(
        'update inquiries set status = $1, merged_into = $2, status_before_merge = $3, merged_at = $4 where id = $5',
        [status, into, before, into && new Date(), ids['of-another-team']],
      );
    expect(await isShown()).toBe(false);
    await merge('merged', ids.assigned, 'open');
    expect(await isShown()).toBe(true);
    await merge('open', null, null);
    expect(await isShown()).toBe(false);
  });

  it('of a mail extends to the inquiry that was made of it later', async () => {
    const actor = acting(['inquiries:read_own']);
    const [port] = slice.get(Ports).all(InquiryReachPort);
    const mailId = newId();
    const { rows } = await slice.superuser.query<{ id: string }>(
      `insert into inquiry_messages (tenant_id, id, inquiry_id, seq, direction, mail_id, body, at)
       values ($1, $2, $3, 99, 'in', $4, 'And my invoice?', now()) returning id`,
      [TENANT, newId(), ids['of-another-team'], mailId],
    );
    const isShown = async (): Promise<boolean> => {
      const params: unknown[] = [mailId];
      const sql = `select 1 from (select $1::uuid as id) m where ${port!.ofMail('m.id', actor, params)}`;
      return (await slice.as(actor, () => slice.get(Database).query(sql, params))).length === 1;
    };
    const split = (from: string | null, message: string | null) =>
      slice.superuser.query('update inquiries set split_from = $1, split_message_id = $2 where id = $3', [
        ...[from, message, ids.assigned],
      ]);
    expect(await isShown()).toBe(false);
    await split(ids['of-another-team'], rows[0]!.id);
    expect(await isShown()).toBe(true);
    await split(null, null);
    expect(await isShown()).toBe(false);
  });

  it('nothing is nothing', async () => {
    const actor = acting([]);
    const page = await slice.as(actor, () => slice.get(InquiriesQueries).list(parseListQuery({}, InquiryList)));
    expect(page.data).toEqual([]);
  });

  it('stops before what may only be read', async () => {
    const actor = acting(['inquiries:read_all', 'inquiries:update_own']);
    const answerable = (kind: Kind) =>
      slice.as(actor, () => slice.get(InquiriesFacade).assertAnswerable(actor, ids[kind]));
    await answerable('assigned');
    await expect(answerable('of-another-team')).rejects.toMatchObject({ code: 'out_of_reach' });
  });

  it('extends to the customers behind inquiries of one’s own, and not to those of everybody else’s', async () => {
    const actor = acting(['inquiries:read_all', 'customers:read_own']);
    for (const kind of KINDS) {
      const read = slice.as(actor, () => slice.get(CustomersFacade).assertReadable(actor, customers[kind]));
      if (OWN.includes(kind)) await read;
      else await expect(read).rejects.toThrow(RecordNotFound);
    }
    const without = acting(['customers:read_own']);
    await expect(
      slice.as(without, () => slice.get(CustomersFacade).assertReadable(without, customers.assigned)),
    ).rejects.toThrow(RecordNotFound);
  });
});
