import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aMail } from './support/mails.js';
import { type Answer, type Client, Nexus, type Process } from './support/nexus.js';

const UNDO_SECONDS = 2;

/** Everybody at once, through two APIs and two workers: exactly one wins, and the others are told what happened. */
describe('at the same time', () => {
  let nexus: Nexus;
  let admin: Client;
  let cso: Client;
  let cso2: Client;
  let manager: Client;
  let manager2: Client;
  let customerId = '';
  let teamId = '';

  beforeAll(async () => {
    nexus = await Nexus.start({ apis: 2, workers: 2, env: { RESPONSE_UNDO_SECONDS: String(UNDO_SECONDS) } });
    [admin, cso, cso2, manager, manager2] = (await Promise.all(
      ['admin', 'cso', 'cso2', 'manager', 'manager2'].map((name) => nexus.login(name)),
    )) as [Client, Client, Client, Client, Client];
    teamId = (await admin.get('teams')).body.data[0].id;
    const ada = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@engine.example' };
    customerId = (await admin.post('customers', ada)).body.id;
  });
  afterAll(() => nexus.stop());
  afterEach(async () => expect(await broken()).toEqual([]));

  const api = (n: number): { at: Process } => ({ at: nexus.apis[n % 2]! });
  const statuses = (answers: readonly Answer[]): number[] => answers.map(({ status }) => status).sort();
  const codes = (answers: readonly Answer[]): string[] => [...new Set(answers.map(({ body }) => body.code as string))];
  const parallel = (times: number, call: (n: number) => Promise<Answer>): Promise<Answer[]> =>
    Promise.all(Array.from({ length: times }, (_, n) => call(n)));
  const rows = async (sql: string, values: unknown[] = []) => (await nexus.superuser.query(sql, values)).rows;

  const made = ({ status, body }: Answer) => {
    if (status >= 300) throw new Error(JSON.stringify(body));
    return body;
  };
  const anInquiry = async (): Promise<string> =>
    made(await admin.post('inquiries', { customerId, teamId, subject: 'Engine', message: 'It stands still.' })).id;
  const aDraft = async (): Promise<string> =>
    made(await cso.post('responses', { inquiryId: await anInquiry(), message: 'Oil it.' })).id;
  const aSubmitted = async (): Promise<string> => {
    const id = await aDraft();
    return made(await cso.post(`responses/${id}/submit`, { revision: 1 })).id;
  };
  const read = async (id: string) => (await admin.get(`responses/${id}`)).body;
  const sentTo = (response: { messageId: string | null }): number =>
    nexus.sink.messages().filter(({ messageId }) => messageId === response.messageId).length;

  /** What must hold of every response, whatever was done to it at once. */
  async function broken(): Promise<unknown[]> {
    const undecided = `select 'pending without its request' as fault, id from responses r where (status = 'pending_approval') <> exists
      (select 1 from approval_requests a where a.tenant_id = r.tenant_id and a.subject_id = r.id and a.status = 'pending' and a.revision = r.revision)`;
    const twice = `select 'decided twice' as fault, request_id from approval_decisions group by tenant_id, request_id having count(*) > 1`;
    const unapproved = `select 'sent as nobody approved it' as fault, r.id from responses r where status in ('sending', 'sent') and not exists
      (select 1 from approval_requests a where a.tenant_id = r.tenant_id and a.subject_id = r.id and a.status = 'approved' and a.revision = r.revision)`;
    const own = `select 'approved by a writer' as fault, id from responses where approved_by = any (editors) and not is_self_approved`;
    const revisions = `select 'revision without its text' as fault, r.id from responses r where not exists (select 1 from response_revisions v
      where v.tenant_id = r.tenant_id and v.response_id = r.id and v.revision = r.revision and v.message = r.message)`;
    const ours = "created_at > (select min(created_at) from customers where email = 'ada@engine.example')";
    const dead = "select 'dead letter' as fault, listener from deliveries where state = 'dead'";
    const queries = [undecided, unapproved, own, revisions].map(
      (sql) => `select * from (${sql}) f where f.id in (select id from responses where ${ours})`,
    );
    return (await Promise.all([...queries, twice, dead].map((sql) => rows(sql)))).flat();
  }

  it('200 approve one revision: one does, and the others learn who', async () => {
    const id = await aSubmitted();
    const answers = await parallel(200, (n) =>
      (n % 3 ? manager : manager2).post(`responses/${id}/approve`, { revision: 1 }, api(n)),
    );
    expect(statuses(answers)).toEqual([200, ...Array<number>(199).fill(409)]);
    const lost = answers.filter(({ status }) => status === 409);
    expect(codes(lost)).toEqual(['already_decided']);
    expect(lost[0]?.body).toMatchObject({ decidedBy: (await read(id)).approvedBy, decision: 'approved' });
    expect(
      await rows("select 1 from audit_log where entity_id = $1 and after->>'status' = 'approved'", [id]),
    ).toHaveLength(1);
  });

  it('50 take one inquiry: one has it', async () => {
    const id = await anInquiry();
    const answers = await parallel(50, (n) =>
      (n % 2 ? cso : cso2).post(`inquiries/${id}/take`, undefined, api(Math.floor(n / 2))),
    );
    const winners = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.assignedTo));
    expect(winners.size).toBe(1);
    expect([...new Set(statuses(answers))]).toEqual([200, 409]);
    expect(
      await rows("select 1 from audit_log where entity_id = $1 and after ? 'assigned_to' and action = 'updated'", [id]),
    ).toHaveLength(1);
  });

  it('two managers, one approves and one rejects: one decision holds', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await aSubmitted();
      const answers = await Promise.all([
        manager.post(`responses/${id}/approve`, { revision: 1 }, api(0)),
        manager2.post(`responses/${id}/reject`, { revision: 1, approvalNotes: 'No.' }, api(1)),
      ]);
      expect(statuses(answers)).toEqual([200, 409]);
      const won = answers.find(({ status }) => status === 200)?.body.status;
      expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
        code: 'already_decided',
        decision: won,
      });
    }
  });

  it('its author edits and a manager approves: what was approved is what was seen', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await aSubmitted();
      const [recalled, edited, approved] = await Promise.all([
        cso.post(`responses/${id}/recall`, {}, api(0)),
        cso.patch(`responses/${id}`, { message: `Oil it ${round}.` }, api(1)),
        manager.post(`responses/${id}/approve`, { revision: 1 }, api(round)),
      ]);
      const after = await read(id);
      expect([recalled.status, edited.status, approved.status].every((status) => [200, 409].includes(status))).toBe(
        true,
      );
      expect([recalled.status, approved.status]).toContain(200);
      if (edited.status === 200) expect(after).toMatchObject({ revision: 2, status: 'draft', approvedBy: null });
      else expect(after).toMatchObject({ revision: 1, message: 'Oil it.' });
    }
  });

  it('its author recalls and a manager approves: one of the two', async () => {
    for (let round = 0; round < 8; round++) {
      const id = await aSubmitted();
      const [recalled, approved] = await Promise.all([
        cso.post(`responses/${id}/recall`, {}, api(round)),
        manager.post(`responses/${id}/approve`, { revision: 1 }, api(round + 1)),
      ]);
      expect(statuses([recalled, approved])).toEqual([200, 409]);
      expect((await read(id)).status).toBe(recalled.status === 200 ? 'draft' : 'approved');
    }
  });

  it('a draft is submitted and discarded: one of the two', async () => {
    for (let round = 0; round < 8; round++) {
      const id = await aDraft();
      const [submitted, discarded] = await Promise.all([
        cso.post(`responses/${id}/submit`, {}, api(round)),
        cso.post(`responses/${id}/discard`, {}, api(round + 1)),
      ]);
      expect(statuses([submitted, discarded])).toEqual([200, 409]);
      expect((await read(id)).status).toBe(submitted.status === 200 ? 'pending_approval' : 'discarded');
    }
  });

  it('a sending is taken back in the moment it begins: it is never both', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, aSubmitted));
    const outcomes = await Promise.all(
      ids.map(async (id, n) => {
        const { body } = await manager.post(`responses/${id}/approve`, { revision: 1 }, api(n));
        await wait(Math.max(0, new Date(body.sendAt).getTime() - Date.now() + n * 60 - 60));
        return { id, cancelled: (await cso.post(`responses/${id}/cancel`, {}, api(n + 1))).status };
      }),
    );
    await nexus.settled();
    await expect
      .poll(async () => (await Promise.all(ids.map(read))).filter(({ status }) => status === 'sending'), {
        timeout: 15_000,
      })
      .toEqual([]);
    for (const { id, cancelled } of outcomes) {
      const response = await read(id);
      expect([200, 409]).toContain(cancelled);
      expect(response).toMatchObject(
        cancelled === 200 ? { status: 'approved', sentAt: null, sendAt: null } : { status: 'sent' },
      );
      expect(response.messageId ? sentTo(response) : 0).toBe(cancelled === 200 ? 0 : 1);
    }
  });

  it('two answers to one inquiry are sent: the second waits for a person to have seen the first', async () => {
    const inquiryId = await anInquiry();
    const drafts = await parallel(2, (n) => cso.post('responses', { inquiryId, message: `Answer ${n}.` }, api(n)));
    for (const { body } of drafts) await cso.post(`responses/${body.id}/submit`, {});
    await parallel(2, (n) => manager.post(`responses/${drafts[n]!.body.id}/approve`, { revision: 1 }, api(n)));
    const sends = await parallel(2, (n) => cso.post(`responses/${drafts[n]!.body.id}/send`, { revision: 1 }, api(n)));
    expect(sends.map(({ body }) => body.status).sort()).toEqual(['held', 'sending']);
  });

  it('one mail comes 30 times: one mail, one customer, one inquiry, one message', async () => {
    const body = aMail({ from: 'Charles Babbage <charles@engine.example>', messageId: '<thirty@engine.example>' });
    const answers = await parallel(30, (n) =>
      admin.post('mail/raw', undefined, { raw: { type: 'message/rfc822', body }, ...api(n) }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    await nexus.settled();
    const [{ id: mailId }] = await rows(
      "select id from mails where effective_message_id like '%thirty@engine.example%'",
    );
    expect(mailId).toBe(answers[0]?.body.id);
    expect(await rows('select 1 from inquiry_messages where mail_id = $1', [mailId])).toHaveLength(1);
    expect(await rows("select 1 from customers where email = 'charles@engine.example'")).toHaveLength(1);
  });

  it('a stranger writes 12 mails at once: one customer, 12 inquiries', async () => {
    const send = (n: number) => {
      const body = aMail({
        from: `Mary Somerville <Mary@Engine.example>`,
        messageId: `<${n}-${randomUUID()}@engine.example>`,
        subject: `Question ${n}`,
        text: `Question ${n}?`,
      });
      return admin.post('mail/raw', undefined, { raw: { type: 'message/rfc822', body }, ...api(n) });
    };
    expect(new Set(statuses(await parallel(12, send)))).toEqual(new Set([202]));
    await nexus.settled();
    const customers = await rows("select id from customers where email = 'mary@engine.example'");
    expect(customers).toHaveLength(1);
    const inquiries = await rows('select number from inquiries where customer_id = $1', [customers[0].id]);
    expect(new Set(inquiries.map(({ number }) => number)).size).toBe(12);
  });

  it('the customer writes four times into one thread: four messages in order, one re-opening', async () => {
    const id = await aSubmitted();
    await manager.post(`responses/${id}/approve`, { revision: 1 });
    await cso.post(`responses/${id}/send`, { revision: 1 });
    await expect.poll(async () => (await read(id)).status, { timeout: 15_000 }).toBe('sent');
    const { messageId, inquiryId } = await read(id);
    await parallel(4, (n) => {
      const body = aMail({
        from: 'Ada Lovelace <ada@engine.example>',
        inReplyTo: messageId,
        references: [messageId],
        subject: 'Re: Engine',
        text: `Reply ${n}`,
      });
      return admin.post('mail/raw', undefined, { raw: { type: 'message/rfc822', body }, ...api(n) });
    });
    await nexus.settled();
    expect((await admin.get(`inquiries/${inquiryId}`)).body).toMatchObject({
      status: 'open',
      reopenCount: 1,
      customerMessageCount: 5,
    });
    const seqs = await rows('select seq from inquiry_messages where inquiry_id = $1 order by seq', [inquiryId]);
    expect(seqs.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
