import { readFileSync } from 'node:fs';
import { signIn, type SignedIn } from '@app/auth/testing';
import { mergeInquiries } from '@app/inquiries/testing';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Response } from '../responses/response.entity.js';
import { anInquiry, callsOf, deskContexts, everything } from '../testing/desk.js';

const TEXT = 'Dear {{customer.firstName}}, {{ inquiry.number }} is {{inquiry.priority}}.';

/** Writes down at the commit of each mail, and a moment into it, what it says and what is so. */
const WITNESS = `create table at_commit (about_id uuid, said text, was text);
  create function witness() returns trigger language plpgsql security definer as $$ begin
    perform pg_sleep(0.005);
    insert into at_commit select new.about_id, new.text, i.priority from responses r
      join inquiries i on i.tenant_id = r.tenant_id and i.id = r.inquiry_id where r.id = new.about_id;
    return null;
  end $$;
  create constraint trigger witness after insert on messages deferrable initially deferred
    for each row execute function witness()`;

describe('What a response quotes', () => {
  let slice: Slice;
  let author: SignedIn;
  let manager: SignedIn;
  let inquiryId: string;
  const { call, post } = callsOf(() => ({ slice, author, manager }));

  beforeAll(async () => {
    slice = await bootSlice({ contexts: deskContexts, env: { RESPONSE_UNDO_SECONDS: '3600' } });
    author = await signIn(slice, { grants: [...everything, 'customers:read_all'] });
    manager = await signIn(slice, { grants: everything });
    await slice.superuser.query(WITNESS);
  });
  beforeEach(async () => {
    inquiryId = await anInquiry(slice);
  });
  afterAll(() => slice.close());

  const change = async (table: 'inquiries' | 'customers', column: string, value: string | null): Promise<void> => {
    const row = `select ${table === 'inquiries' ? 'id' : 'customer_id'} from inquiries where id = '${inquiryId}'`;
    const literal = value === null ? 'null' : `'${value}'`;
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${author.userId}', true);
       update ${table} set ${column} = ${literal} where id = (${row}); commit`,
    );
  };
  const prioritise = (priority: string): Promise<void> => change('inquiries', 'priority', priority);
  const drafted = async (message = TEXT): Promise<string> =>
    (await call('POST', '/responses', { inquiryId, message })).body.id as string;
  const submitted = async (message = TEXT) => {
    const id = await drafted(message);
    return (await post(id, 'submit', { revision: 1 })).body as Response;
  };
  const approved = async (message = TEXT) => {
    const { id, revision } = await submitted(message);
    return (await post(id, 'approve', { revision }, manager)).body as Response;
  };
  const read = async (id: string) => (await call('GET', `/responses/${id}`)).body;

  it('is filled in when it is submitted, and is the text that is approved', async () => {
    const id = await drafted();
    expect(await read(id)).toMatchObject({ message: TEXT, template: null, revision: 1 });
    const shown = (await post(id, 'submit', { revision: 1 })).body;
    expect(shown).toMatchObject({ status: 'pending_approval', revision: 2, template: TEXT, staleFacts: null });
    expect(shown.message).toMatch(/^Dear Asha, INQ-\d+ is normal\.$/);
    const facts = (await call('GET', `/responses/${id}/facts?sort=name`)).body.data;
    expect(
      facts.map(({ name, value, text, revision }: Record<string, unknown>) => [name, value, text, revision]),
    ).toEqual([
      ['customer.firstName', 'Asha', 'Asha', 2],
      ['inquiry.number', expect.stringMatching(/^INQ-/), expect.stringMatching(/^INQ-/), 2],
      ['inquiry.priority', 'normal', 'normal', 2],
    ]);
    expect((await post(id, 'approve', { revision: 1 }, manager)).body).toMatchObject({ code: 'stale_revision' });
    const { data } = (await call('GET', `/responses/${id}/revisions?sort=revision`)).body;
    expect(data.map(({ message }: Response) => message)).toEqual([TEXT, shown.message]);
  });

  it('says when a deadline is, on the wall clock of its team', async () => {
    await change('inquiries', 'due_at', '2026-11-03T15:30:00Z');
    const { message, id } = await submitted('By {{inquiry.sla.dueAt}}.');
    expect(message).toBe('By 3 November 2026, 15:30 (UTC).');
    const { data } = (await call('GET', `/responses/${id}/facts`)).body;
    expect(data).toMatchObject([{ name: 'inquiry.sla.dueAt', value: '2026-11-03T15:30:00.000Z' }]);
  });

  it('is refused by name where nothing tells of it, when it is drafted and when it is edited', async () => {
    const refused = {
      status: 400,
      code: 'unknown_fact',
      errors: [{ pointer: '/message', message: 'quotes inquiry.mood' }],
    };
    const message = 'You are {{inquiry.mood}}.';
    const { body } = await call('POST', '/responses', { inquiryId, message });
    expect(body).toMatchObject(refused);
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(body.known.filter((name: string) => !readme.includes(`{{${name}}}`))).toEqual([]);
    expect((await call('PATCH', `/responses/${await drafted()}`, { message })).body).toMatchObject(refused);
  });

  it('is not submitted where there is no such thing at the moment', async () => {
    const id = await drafted('You are {{customer.level}}.');
    const { body } = await post(id, 'submit', { revision: 1 });
    expect(body).toMatchObject({ status: 422, code: 'fact_missing', names: ['customer.level'] });
    expect(await read(id)).toMatchObject({ status: 'draft', revision: 1 });
  });

  it('is sent as long as it is so', async () => {
    const { id, revision } = await approved();
    await change('inquiries', 'subject', 'Something else');
    expect((await post(id, 'send', { revision })).body).toMatchObject({ status: 'sending' });
    const { rows } = await slice.superuser.query('select text from messages where about_id = $1', [id]);
    expect(rows).toEqual([{ text: expect.stringMatching(/^Dear Asha, INQ-\d+ is normal\.$/) }]);
  });

  it('holds the response once it is not so any more: its approval is void, and who sends it is told', async () => {
    const { id, revision } = await approved();
    await prioritise('urgent');
    const facts = [{ name: 'inquiry.priority', was: 'normal', is: 'urgent' }];
    expect((await post(id, 'send', { revision })).body).toMatchObject({ status: 409, code: 'facts_changed', facts });
    const held = { status: 'held', holdReason: 'facts_changed', staleFacts: facts };
    expect(await read(id)).toMatchObject({ ...held, approvedBy: null, approvedAt: null, sendAt: null });
    for (const verb of ['send', 'release']) {
      expect((await post(id, verb, { revision })).body).toMatchObject({ status: 409, code: 'facts_changed', facts });
    }
    const { rows } = await slice.superuser.query('select 1 from messages where about_id = $1', [id]);
    expect(rows).toEqual([]);
    const { data } = (await call('GET', `/responses/${id}/history`)).body;
    expect(data[0]).toMatchObject({
      kind: 'held',
      notes: expect.stringContaining('inquiry.priority: normal → urgent'),
    });
  });

  it('holds it as well where the request has an Idempotency-Key, and stores no refusal', async () => {
    const { id, revision } = await approved();
    await prioritise('urgent');
    const key = { 'idempotency-key': id };
    const send = (seen: number) => call('POST', `/responses/${id}/send`, { revision: seen }, author, key);
    expect((await send(revision)).body).toMatchObject({ status: 409, code: 'facts_changed' });
    expect(await read(id)).toMatchObject({ status: 'held', holdReason: 'facts_changed', approvedBy: null });
    const { rows } = await slice.superuser.query(
      `select 1 from outbox where type = 'responses.held' and payload->>'responseId' = $1`,
      [id],
    );
    expect(rows).toHaveLength(1);
    await post(id, 'submit', { revision });
    await post(id, 'approve', { revision: 3 }, manager);
    expect((await send(3)).body).toMatchObject({ status: 'sending' });
  });

  it('holds it anew as it is released, also with an Idempotency-Key', async () => {
    const { id, revision } = await approved();
    const other = await anInquiry(slice);
    await slice.as(author.actor, () => mergeInquiries(slice, other, inquiryId));
    expect((await post(id, 'send', { revision })).body).toMatchObject({ holdReason: 'conversation_changed' });
    await prioritise('urgent');
    const key = { 'idempotency-key': id };
    const { body } = await call('POST', `/responses/${id}/release`, { revision }, author, key);
    expect(body).toMatchObject({ status: 409, code: 'facts_changed' });
    expect(await read(id)).toMatchObject({ status: 'held', holdReason: 'facts_changed', approvedBy: null });
  });

  it('is submitted anew with what is so now, and needs another approval', async () => {
    const { id, revision } = await approved();
    await prioritise('urgent');
    await post(id, 'send', { revision });
    const again = (await post(id, 'submit', { revision })).body;
    expect(again).toMatchObject({ status: 'pending_approval', revision: 3, staleFacts: null, holdReason: null });
    expect(again.message).toMatch(/is urgent\.$/);
    await post(id, 'approve', { revision: 3 }, manager);
    expect((await post(id, 'send', { revision: 3 })).body).toMatchObject({ status: 'sending' });
  });

  it('is waived anew where a rule asks nobody, with what is so now', async () => {
    const rules = [{ name: 'Small talk', when: { all: [] }, outcome: 'none' }];
    const policy = { name: 'Trust', allowSelfApproval: false, isActive: true };
    await call('PUT', '/approval-policies/responses.response', { ...policy, rules });
    const { id, revision, status } = await submitted();
    await prioritise('urgent');
    const refused = (await post(id, 'send', { revision })).body;
    const again = (await post(id, 'submit', { revision })).body;
    await call('PUT', '/approval-policies/responses.response', policy);
    expect([status, refused.code]).toEqual(['approved', 'facts_changed']);
    expect(again).toMatchObject({ status: 'approved', waivedByRule: 'Small talk', revision: 3 });
    expect(again.message).toMatch(/is urgent\.$/);
  });

  it('is submitted again as it was where it has become so again', async () => {
    const { id, revision } = await approved();
    await prioritise('urgent');
    await post(id, 'send', { revision });
    await prioritise('normal');
    expect((await post(id, 'submit', { revision })).body).toMatchObject({ status: 'pending_approval', revision });
  });

  it('is edited where its quotes stand, and holds nothing that does not quote any more', async () => {
    const { id, revision } = await approved();
    await prioritise('urgent');
    await post(id, 'send', { revision });
    const edited = (await call('PATCH', `/responses/${id}`, { message: 'Plain.' })).body;
    expect(edited).toMatchObject({ status: 'draft', template: null, message: 'Plain.', revision: 3, staleFacts: null });
    await post(id, 'submit', { revision: 3 });
    await post(id, 'approve', { revision: 3 }, manager);
    expect((await post(id, 'send', { revision: 3 })).body).toMatchObject({ status: 'sending' });
  });

  it('of a failed answer is read again before it is tried once more', async () => {
    const { id, revision } = await approved();
    await post(id, 'send', { revision });
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${author.userId}', true);
       update responses set status = 'failed', failure_reason = 'No', delivery_state = null where id = '${id}'; commit`,
    );
    await prioritise('low');
    expect((await post(id, 'retry', { revision })).body).toMatchObject({ status: 409, code: 'facts_changed' });
    expect(await read(id)).toMatchObject({ status: 'failed' });
  });

  it('is for those alone who may read the response', async () => {
    const { id } = await submitted();
    const stranger = await signIn(slice, { grants: ['responses:read_own'] });
    const foreigner = await signIn(slice, { grants: everything, tenantId: OTHER_TENANT });
    for (const who of [stranger, foreigner]) {
      expect((await call('GET', `/responses/${id}/facts`, undefined, who)).status).toBe(404);
    }
  });

  it('is never false at the commit that sends it, however changes and sendings fall', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ to: fc.constantFrom('low', 'normal', 'high'), after: fc.integer({ min: 0, max: 12 }) }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 0, max: 12 }),
        async (changes, wait) => {
          inquiryId = await anInquiry(slice);
          const { id, revision } = await approved('It is {{inquiry.priority}}.');
          await Promise.all([
            pause(wait).then(() => post(id, 'send', { revision })),
            ...changes.map(({ to, after }) => pause(after).then(() => asOwn(to))),
          ]);
          const { rows } = await slice.superuser.query('select said, was from at_commit where about_id = $1', [id]);
          expect(rows.every(({ said, was }) => said === `It is ${was}.`)).toBe(true);
          const { status, staleFacts } = await read(id);
          expect(status).toBe(rows.length ? 'sending' : 'held');
          if (status === 'held') expect(staleFacts).toMatchObject([{ name: 'inquiry.priority', was: 'normal' }]);
        },
      ),
      { numRuns: 40 },
    );
  });

  /** Each of its own connection, as another request would. */
  const asOwn = (to: string): Promise<unknown> =>
    slice.as(author.actor, () =>
      slice.db.transaction(() => slice.db.query('update inquiries set priority = $1 where id = $2', [to, inquiryId])),
    );
  const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
});
