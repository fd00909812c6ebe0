import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { Database, statementsSent } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aKnownCustomer, dealsContexts } from '../testing.js';

const EVERYTHING = [
  ...['deals:read_all', 'deals:create', 'deals:update_all', 'deals:assign_all', 'deals:reopen_all', 'deals:delete_all'],
  ...['pipelines:read', 'pipelines:manage', 'customers:read_all', 'customers:create'],
];

type Stage = { id: string; name: string };
type Made = { id: string; version: number; rank: string; stageId: string };

describe('Deals over HTTP', () => {
  let slice: Slice;
  let mira: SignedIn;
  let noah: SignedIn;
  let customerId: string;
  let pipelineId: string;
  let stages: Stage[];
  const team = newId();
  const clock = new FixedClock(new Date('2031-03-03T09:00:00Z'));

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts, clock });
    mira = await signIn(slice, { grants: EVERYTHING, teams: [team] });
    noah = await signIn(slice, { grants: ['deals:read_own', 'deals:update_own', 'deals:create'] });
    customerId = await slice.as(mira.actor, () => aKnownCustomer(slice));
    const { body } = await post('', { name: 'The first' });
    pipelineId = body.pipelineId;
    stages = (await slice.http('GET', `/api/v1/pipelines/${pipelineId}`, { token: mira.token })).body.stages;
  });
  afterAll(() => slice.close());

  const post = (path: string, body?: unknown, { token } = mira, headers = {}) =>
    slice.http('POST', `/api/v1/deals${path}`, { token, body, headers });
  const get = (path = '', { token } = mira) => slice.http('GET', `/api/v1/deals${path}`, { token });
  const patch = (id: string, body: object, { token } = mira, headers = {}) =>
    slice.http('PATCH', `/api/v1/deals/${id}`, { token, body, headers });
  const begin = async (over: object = {}): Promise<Made> => {
    const { status, body } = await post('', { name: 'Yearly contract', ...over });
    expect(body).toMatchObject({ id: expect.any(String) });
    expect(status).toBe(201);
    return body;
  };
  const stage = (n: number): string => stages[n]!.id;
  const pointersOf = ({ errors }: { errors: { pointer: string }[] }): string[] => [
    ...new Set(errors.map(({ pointer }) => pointer)),
  ];
  const seen = (version: number) => ({ 'if-match': `"${version}"` });

  it('begin in the first stage of the default pipeline, in its currency, as the work of whoever begins them', async () => {
    const given = { name: 'Lamps', amount: 1_200_000, expectedCloseDate: '2031-06-30', customerId };
    const { status, headers, body } = await post('', given);
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/deals/${body.id}`);
    expect(body).toMatchObject({
      ...given,
      ...{ pipelineId, stageId: stage(0), status: 'open', currency: 'EUR', probability: 10 },
      ...{ ownerId: mira.userId, teamId: team, createdBy: mira.userId, lostReason: null, closedAt: null, version: 1 },
      rotsAt: '2031-04-02T09:00:00.000Z',
    });
    const read = await get(`/${body.id}`);
    expect(read.body).toEqual(body);
    expect(read.headers.etag).toBe('"1"');
  });

  it.each([
    [{ name: '' }, 400, '/name'],
    [{ name: 'two\nlines' }, 400, '/name'],
    [{ amount: 12.5 }, 400, '/amount'],
    [{ amount: '100' }, 400, '/amount'],
    [{ amount: -1 }, 400, '/amount'],
    [{ amount: 1e15 }, 400, '/amount'],
    [{ currency: 'EURO' }, 400, '/currency'],
    [{ currency: 'XXX' }, 400, '/currency'],
    [{ currency: null }, 400, '/currency'],
    [{ expectedCloseDate: '2031-02-30' }, 400, '/expectedCloseDate'],
    [{ expectedCloseDate: '2031-02-03T00:00:00Z' }, 400, '/expectedCloseDate'],
    [{ customerId: 'nobody' }, 400, '/customerId'],
    [{ status: 'won' }, 400, '/status'],
    [{ stageId: null }, 400, '/stageId'],
    [{ stageId: newId() }, 422, '/stageId'],
    [{ pipelineId: newId() }, 422, '/pipelineId'],
    [{ teamId: newId() }, 422, '/teamId'],
    [{ ownerId: newId() }, 422, '/ownerId'],
  ])('begin with nothing that makes no sense: %j', async (over, expected, pointer) => {
    const { status, body } = await post('', { name: 'Lamps', ...over });
    expect({ status, pointers: pointersOf(body) }).toEqual({
      status: expected,
      pointers: [pointer],
    });
  });

  it('belong to others only where one may give them away', async () => {
    expect((await post('', { name: 'Lamps', ownerId: mira.userId }, noah)).body).toMatchObject({
      ...{ status: 403, code: 'out_of_reach', permission: 'deals:assign' },
    });
    expect((await begin({ ownerId: noah.userId })).id).toBeTruthy();
  });

  it('are begun for no customer who is out of reach', async () => {
    expect((await post('', { name: 'Lamps', customerId }, noah)).status).toBe(404);
    const { id } = (await post('', { name: 'Lamps' }, noah)).body;
    expect((await patch(id, { customerId }, noah)).status).toBe(404);
  });

  it('are edited by whoever may not read the customer that they have already', async () => {
    const { id, version } = await begin({ customerId, ownerId: noah.userId });
    const body = { name: 'Renamed', customerId };
    const put = await slice.http('PUT', `/api/v1/deals/${id}`, { token: noah.token, body });
    expect(put.body).toMatchObject({ name: 'Renamed', customerId, currency: 'EUR', version: version + 1 });
  });

  it('are edited by whoever saw their current version, and put as a whole', async () => {
    const { id } = await begin({ amount: 100, customerId });
    const edited = await patch(id, { amount: 200, customerId: null }, mira, seen(1));
    expect(edited.body).toMatchObject({ amount: 200, customerId: null, name: 'Yearly contract', version: 2 });
    expect((await patch(id, { amount: 300 }, mira, seen(1))).body).toMatchObject({
      ...{ status: 412, code: 'version_conflict', seen: 1, current: 2 },
    });
    const body = { name: 'Two years', currency: 'USD' };
    const put = await slice.http('PUT', `/api/v1/deals/${id}`, { token: mira.token, body });
    expect(put.body).toMatchObject({ name: 'Two years', currency: 'USD', amount: null, teamId: null, version: 3 });
    for (const field of ['status', 'stageId', 'ownerId', 'rank']) {
      const refused = await patch(id, { [field]: 'won' });
      expect(refused.body).toMatchObject({ status: 400, errors: [{ pointer: `/${field}`, code: 'unknown_field' }] });
    }
  });

  describe('on the board', () => {
    const column = async (n: number): Promise<string[]> => {
      const { body } = await get(`/board?pipelineId=${pipelineId}&cards=100`);
      return body.columns[n].cards.map(({ id }: Made) => id);
    };

    it('begin on top, and go right below the card that is named', async () => {
      const [c, b, a] = [await begin(), await begin(), await begin()];
      expect((await column(0)).slice(0, 3)).toEqual([a.id, b.id, c.id]);
      const moved = await post(`/${a.id}/stage`, { stageId: stage(0), below: b.id });
      expect(moved.body).toMatchObject({ id: a.id, stageId: stage(0), version: 2 });
      expect((await column(0)).slice(0, 3)).toEqual([b.id, a.id, c.id]);
      await post(`/${c.id}/stage`, { stageId: stage(0) });
      expect((await column(0)).slice(0, 3)).toEqual([c.id, b.id, a.id]);
      const rest = await get(`?stageId=${stage(0)}&status=open&sort=rank&limit=2&cursor=`);
      expect(rest.body.data.map(({ id }: Made) => id)).toEqual([c.id, b.id]);
      const next = await get(`?stageId=${stage(0)}&status=open&sort=rank&limit=2&cursor=${rest.body.meta.nextCursor}`);
      expect(next.body.data[0].id).toBe(a.id);
    });

    it('move by one statement that changes one row', async () => {
      const [deal, card] = [await begin({ amount: 1 }), await begin({ amount: 2 })];
      await post(`/${card.id}/stage`, { stageId: stage(1) });
      const rows = async () =>
        (await slice.superuser.query<Made>('select id, version, rank from deals order by id')).rows;
      const before = await rows();
      const query = vi.spyOn(slice.get(Database), 'query');
      const { body } = await post(`/${deal.id}/stage`, { stageId: stage(1), below: card.id });
      const writes = query.mock.calls.filter(([sql]) => /\b(insert|update|delete)\b/i.test(sql));
      query.mockRestore();
      expect(writes).toHaveLength(1);
      expect(body).toMatchObject({ stageId: stage(1), probability: 40 });
      const changed = (await rows()).filter(({ version }, at) => version !== before[at]!.version);
      expect(changed.map(({ id }) => id)).toEqual([deal.id]);
    });

    it('come into no stage without what it demands, and are told of all of it', async () => {
      const { id } = await begin();
      const { body } = await post(`/${id}/stage`, { stageId: stage(2) });
      expect(body).toMatchObject({
        ...{ status: 422, code: 'stage_demands' },
        errors: [
          { pointer: '/amount', code: 'required_by_stage' },
          { pointer: '/expectedCloseDate', code: 'required_by_stage' },
        ],
      });
      expect((await get(`/${id}`)).body).toMatchObject({ stageId: stage(0), version: 1 });
      await patch(id, { amount: 100, expectedCloseDate: '2031-05-01' });
      expect((await post(`/${id}/stage`, { stageId: stage(2) })).status).toBe(200);
      expect((await patch(id, { amount: null })).body).toMatchObject({ status: 422, code: 'stage_demands' });
    });

    it('go below no card that is elsewhere, their own, or not to be seen', async () => {
      const [deal, elsewhere] = [await begin({ amount: 1 }), await begin({ amount: 1 })];
      await post(`/${elsewhere.id}/stage`, { stageId: stage(1) });
      for (const below of [deal.id, elsewhere.id, newId()]) {
        const { body } = await post(`/${deal.id}/stage`, { stageId: stage(0), below });
        expect(body).toMatchObject({ status: 422, code: 'card_not_there' });
      }
      const mine = (await post('', { name: 'Noah’s' }, noah)).body;
      expect((await post(`/${mine.id}/stage`, { stageId: stage(0), below: deal.id }, noah)).body.code).toBe(
        'card_not_there',
      );
    });

    it('of two who move one card as they saw it, one does, and the other learns of it', async () => {
      const { id } = await begin({ amount: 1 });
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => post(`/${id}/stage`, { stageId: stage(n % 2) }, mira, seen(1))),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(412)]);
      expect((await get(`/${id}`)).body.version).toBe(2);
    });

    it('stay in one order, however many are put below one card at once', async () => {
      const card = await begin();
      const moved = await Promise.all(Array.from({ length: 12 }, () => begin()));
      const answers = await Promise.all(
        moved.map(({ id }) => post(`/${id}/stage`, { stageId: stage(0), below: card.id })),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
      const order = await column(0);
      expect(order).toEqual(await column(0));
      const at = order.indexOf(card.id);
      expect(order.slice(at + 1, at + 13).sort()).toEqual(moved.map(({ id }) => id).sort());
      const [first] = moved;
      const last = await begin();
      await post(`/${last.id}/stage`, { stageId: stage(0), below: first!.id });
      const after = await column(0);
      expect(after.indexOf(last.id)).toBe(after.indexOf(first!.id) + 1);
      expect(after.filter((id) => id !== last.id).slice(0, 40)).toEqual(order.slice(0, 40));
    });

    it('go between two cards of one rank, and between two that thousands were put between', async () => {
      const [c, b, a] = [await begin(), await begin(), await begin()];
      const place = async (ids: string[], rank: string): Promise<void> => {
        await slice.superuser.query(
          `begin; select set_config('app.actor_id', '${mira.userId}', true); update deals set rank = '${rank}' where id in (${ids.map((id) => `'${id}'`).join()}); commit`,
        );
      };
      const [first, second] = [a.id, b.id].sort() as [string, string];
      await place([first, second], 'h0000000');
      expect((await post(`/${c.id}/stage`, { stageId: stage(0), below: first }, mira, seen(1))).status).toBe(200);
      expect((await column(0)).slice(0, 3)).toEqual([first, c.id, second]);
      await place([first], 'h0000000');
      await place([second], `h0000000${'0'.repeat(500)}1`);
      expect((await post(`/${c.id}/stage`, { stageId: stage(0), below: first })).status).toBe(200);
      expect((await column(0)).slice(0, 3)).toEqual([first, c.id, second]);
    });

    it('are counted and summed by column, with as many statements for one card as for a hundred', async () => {
      const { body } = await get(`/board?pipelineId=${pipelineId}&cards=1`);
      const [first] = body.columns;
      expect(body.columns.map(({ name }: Stage) => name)).toEqual(['Qualification', 'Proposal', 'Negotiation']);
      expect(first.cards).toHaveLength(1);
      expect(first.deals).toBeGreaterThan(20);
      const { body: all } = await get(`/board?pipelineId=${pipelineId}&cards=100`);
      type Card = { currency: string; amount: number | null };
      const worth = (currency: string): number =>
        all.columns[0].cards
          .filter((card: Card) => card.currency === currency)
          .reduce((sum: number, { amount }: Card) => sum + (amount ?? 0), 0);
      expect(first.amounts).toEqual(['EUR', 'USD'].map((currency) => ({ currency, amount: worth(currency) })));
      const cost = async (limit: number): Promise<number> => {
        const before = statementsSent();
        await get(`/board?cards=${limit}`);
        return statementsSent() - before;
      };
      await cost(1);
      expect(await cost(100)).toBe(await cost(1));
    });

    it('show somebody what they may see, and nothing of a pipeline that is not there', async () => {
      const { body } = await get('/board', noah);
      const owners = body.columns.flatMap(({ cards }: { cards: { ownerId: string; createdBy: string }[] }) =>
        cards.map(({ ownerId, createdBy }) => [ownerId, createdBy].includes(noah.userId)),
      );
      expect(new Set(owners)).toEqual(new Set([true]));
      expect((await get(`/board?pipelineId=${newId()}`)).body).toMatchObject({ status: 422, code: 'pipeline_unknown' });
      expect((await get('/board?cards=101')).status).toBe(400);
      expect((await get('/board?colour=red')).status).toBe(400);
    });
  });

  describe('that end', () => {
    it('are won once, however many win them at once', async () => {
      const { id } = await begin({ amount: 500 });
      const answers = await Promise.all(Array.from({ length: 10 }, () => post(`/${id}/win`)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(409)]);
      expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
        ...{ code: 'invalid_transition', from: 'won', to: 'won', allowed: ['open'] },
      });
      const { rows } = await slice.superuser.query(
        `select type from outbox where type = 'deals.won' and payload->>'dealId' = $1`,
        [id],
      );
      expect(rows).toHaveLength(1);
    });

    it('are won or lost, never both', async () => {
      const { id } = await begin();
      const answers = await Promise.all([post(`/${id}/win`), post(`/${id}/lose`, { reason: 'No budget' })]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    });

    it.each([{}, { reason: '' }, { reason: '   ' }, { reason: 5 }, { reason: null }])(
      'are not lost without a reason: %j',
      async (body) => {
        const { id } = await begin();
        const answer = await post(`/${id}/lose`, body);
        expect([answer.status, pointersOf(answer.body)]).toEqual([400, ['/reason']]);
      },
    );

    it('keep their history when they are reopened', async () => {
      const { id } = await begin({ amount: 700 });
      clock.advance(60_000);
      await post(`/${id}/stage`, { stageId: stage(1) });
      clock.advance(240_000);
      expect((await post(`/${id}/lose`, { reason: 'No budget' })).body).toMatchObject({
        ...{ status: 'lost', lostReason: 'No budget', probability: 0 },
      });
      expect((await patch(id, { amount: 1 })).body).toMatchObject({ status: 409, code: 'deal_not_open' });
      clock.advance(1_000);
      const { body } = await post(`/${id}/reopen`, { reason: 'Found some' });
      expect(body).toMatchObject({ status: 'open', lostReason: null, closedAt: null, stageId: stage(1) });
      await patch(id, { amount: 900 });
      const { body: history } = await get(`/${id}/history`);
      const money = { amount: 700, currency: 'EUR' };
      expect(history.data).toMatchObject([
        { kind: 'reopened', status: 'open', reason: 'Found some', probability: 40, seconds: null, ...money },
        { kind: 'lost', status: 'lost', reason: 'No budget', probability: 0, seconds: 1, ...money },
        { kind: 'moved', stageName: 'Proposal', reason: null, seconds: 240, movedBy: mira.userId, ...money },
        { kind: 'created', stageName: 'Qualification', seconds: 60, ...money },
      ]);
      expect(history.meta.total).toBe(4);
    });

    it('are reopened by whoever may, for a reason', async () => {
      const { id } = (await post('', { name: 'Lamps' }, noah)).body;
      expect((await post(`/${id}/reopen`, { reason: 'x' })).body).toMatchObject({ code: 'invalid_transition' });
      await post(`/${id}/win`, undefined, noah);
      expect((await post(`/${id}/reopen`, { reason: 'x' }, noah)).status).toBe(403);
      expect((await post(`/${id}/reopen`, {})).status).toBe(400);
      expect((await post(`/${id}/reopen`, { reason: 'Not paid' })).status).toBe(200);
    });
  });

  it('are given to colleagues who may come in, and to nobody else', async () => {
    const { id } = await begin();
    expect((await get(`/${id}`, noah)).status).toBe(404);
    expect((await post(`/${id}/assign`, { ownerId: noah.userId })).body.ownerId).toBe(noah.userId);
    expect((await get(`/${id}`, noah)).status).toBe(200);
    expect((await post(`/${id}/assign`, { ownerId: newId() })).body).toMatchObject({ code: 'owner_unknown' });
    const gone = await signIn(slice, {});
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${mira.userId}', true); update users set status = 'deactivated' where id = '${gone.userId}'; commit`,
    );
    expect((await post(`/${id}/assign`, { ownerId: gone.userId })).body).toMatchObject({ code: 'owner_unknown' });
    expect((await post(`/${id}/assign`, {})).status).toBe(400);
    expect((await post(`/${id}/assign`, { ownerId: null })).body.ownerId).toBeNull();
  });

  it('are not shown to whoever they are not for, and only read by whoever may only read', async () => {
    const { id } = await begin();
    const reader = await signIn(slice, { grants: ['deals:read_all', 'deals:update_own'] });
    for (const [path, body] of [['/win'], ['/stage', { stageId: stage(0) }], ['/lose', { reason: 'x' }]] as const) {
      expect((await post(`/${id}${path}`, body, noah)).status).toBe(404);
      expect((await post(`/${id}${path}`, body, reader)).body).toMatchObject({ status: 403, code: 'out_of_reach' });
    }
    for (const path of ['', '/history', '/duplicates']) expect((await get(`/${id}${path}`, noah)).status).toBe(404);
  });

  it('are nobody’s in another tenant', async () => {
    const { id } = await begin();
    const eve = await signIn(slice, { grants: EVERYTHING, tenantId: OTHER_TENANT });
    const theirs = (await post('', { name: 'Theirs' }, eve)).body;
    expect(theirs.pipelineId).not.toBe(pipelineId);
    expect((await get(`/${id}`, eve)).status).toBe(404);
    expect((await post(`/${id}/win`, undefined, eve)).status).toBe(404);
    expect((await post(`/${theirs.id}/stage`, { stageId: stage(0) }, eve)).body.code).toBe('stage_unknown');
    const below = { stageId: theirs.stageId, below: id };
    expect((await post(`/${theirs.id}/stage`, below, eve)).body.code).toBe('card_not_there');
    expect((await post(`/${theirs.id}/assign`, { ownerId: mira.userId }, eve)).body.code).toBe('owner_unknown');
    expect((await post('', { name: 'x', customerId }, eve)).status).toBe(404);
    const list = await get('', eve);
    expect(list.body.data.map((one: Made) => one.id)).toEqual([theirs.id]);
  });

  it('go into the trash, out of lists and the board, and come back', async () => {
    const { id } = await begin({ name: 'Rubbish' });
    const removed = await slice.http('DELETE', `/api/v1/deals/${id}`, { token: mira.token });
    expect(removed.status).toBe(204);
    expect((await get(`/${id}`)).status).toBe(404);
    expect((await post(`/${id}/win`)).status).toBe(404);
    expect((await get('?q=Rubbish')).body.data).toEqual([]);
    expect((await get('/trash')).body.data).toMatchObject([{ id, deletedBy: mira.userId }]);
    expect((await post(`/${id}/restore`)).body).toMatchObject({ id, status: 'open' });
    expect((await get('?q=ubbis')).body.data).toMatchObject([{ id }]);
  });

  it('are filtered, sorted, joined and searched as every list', async () => {
    const { id } = await begin({ name: 'Needle 100%', amount: 77, currency: 'JPY', customerId });
    const filter = `amount[gte]=77&amount[lte]=77&currency=JPY&customerId=${customerId}&ownerId=${mira.userId}`;
    const { body } = await get(`?${filter}&include=customer,owner&sort=-amount`);
    expect(body.data).toMatchObject([{ id, customer: { name: 'Mira Okafor' }, owner: { id: mira.userId } }]);
    expect((await get('?q=100%25')).body.data).toMatchObject([{ id }]);
    expect((await get('?rank=i0000000')).status).toBe(400);
    expect((await get('?lostReason=x')).status).toBe(400);
    const where = { all: [{ field: 'currency', op: 'eq', value: 'JPY' }] };
    expect((await post('/search', { where })).body.data).toMatchObject([{ id }]);
  });

  it('that may be the same are found beside each other', async () => {
    const other = await slice.as(mira.actor, () => aKnownCustomer(slice));
    const given = { name: 'Ten lamps', amount: 4_242, customerId: other };
    const { id } = await begin(given);
    const named = await begin({ ...given, name: 'TEN LAMPS', amount: 1 });
    const priced = await begin({ ...given, name: 'Lighting' });
    await begin({ ...given, name: 'Chairs', amount: 5 });
    await begin({ ...given, customerId });
    const { body } = await get(`/${id}/duplicates`);
    expect(body.data.map((one: Made) => one.id)).toEqual([priced.id, named.id]);
  });

  it('leave their moves for good in what nobody may rewrite', async () => {
    await expect(
      slice.as(mira.actor, () =>
        slice.db.query(`update deal_moves set reason = 'none' where tenant_id = app_tenant()`),
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });
});
