import { ensureTenant, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { anActor, bootSlice, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InquiriesService } from '../inquiries/inquiries.service.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';
import { SideConversation } from './side-conversation.entity.js';

const NOW = new Date('2031-03-03T10:00:00Z');
const RECIPIENT = { address: 'orders@supplier.example' };
type Row = Record<string, unknown>;

describe('Side conversations, by the database', () => {
  let slice: Slice;
  let inquiryId: string;
  const boss = anActor(['inquiries:read_all', 'inquiries:create', 'customers:read_all', 'customers:create']);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    await ensureTenant(slice);
    await signIn(slice, { userId: boss.id });
    await slice.superuser.query(`set session app.actor_id = '${boss.id}'; set session app.actor_name = 'tester'`);
    inquiryId = await slice.as(boss, async () => {
      const question = { customerId: await aKnownCustomer(slice), subject: 'Lamp', message: 'Broken' };
      return (await slice.get(InquiriesService).record(question)).id;
    });
  });
  afterAll(() => slice?.close());

  const rows = async <R = Row>(sql: string, values: unknown[] = []): Promise<R[]> =>
    (await slice.superuser.query(sql, values)).rows as R[];
  const insert = (table: string, row: Row) => {
    const [names, values] = [Object.keys(row), Object.values(row)];
    const places = names.map((_, at) => `$${at + 1}`).join(', ');
    return slice.superuser.query(`insert into ${table} (${names.join(', ')}) values (${places})`, values);
  };
  const conversation = (over: Row = {}): Row => ({
    ...{ tenant_id: TENANT, id: newId(), inquiry_id: inquiryId, subject: 'Spare part', message_count: 1 },
    ...{ recipients: JSON.stringify([RECIPIENT]), last_message_at: NOW, started_by: boss.id },
    ...over,
  });
  const begun = async (over: Row = {}): Promise<string> => {
    const row = conversation(over);
    await insert('side_conversations', row);
    return row.id as string;
  };
  const message = (side_conversation_id: string, over: Row = {}): Row => ({
    ...{ tenant_id: TENANT, id: newId(), side_conversation_id, seq: 1, direction: 'out', body: 'When?', at: NOW },
    ...{ author_id: boss.id, outgoing_id: newId(), delivery: 'queued' },
    ...over,
  });

  it.each<[string, Row]>([
    ['side_conversations_subject_is_bounded', { subject: '' }],
    ['side_conversations_recipients_are_bounded', { recipients: '[]' }],
    ['side_conversations_recipients_are_bounded', { recipients: JSON.stringify(Array(11).fill(RECIPIENT)) }],
    ['side_conversations_state_is_known', { state: 'lost' }],
    ['side_conversations_visibility_is_known', { visibility: 'some' }],
    ['side_conversations_say_something', { message_count: 0 }],
    ['side_conversations_inquiry', { inquiry_id: newId() }],
    ['side_conversations_inquiry', { tenant_id: OTHER_TENANT }],
  ])('are refused by %s', async (constraint, over) => {
    await expect(insert('side_conversations', conversation(over))).rejects.toMatchObject({ constraint });
  });

  it.each<[string, Row]>([
    ['side_messages_go_one_way', { author_id: null }],
    ['side_messages_go_one_way', { mail_id: newId() }],
    ['side_messages_go_one_way', { delivery: null }],
    ['side_messages_go_one_way', { direction: 'in' }],
    ['side_messages_go_one_way', { direction: 'in', author_id: null, outgoing_id: null, delivery: null }],
    ['side_messages_delivery_is_known', { delivery: 'lost' }],
    ['side_messages_seq_is_positive', { seq: 0 }],
    ['side_messages_conversation', { tenant_id: OTHER_TENANT }],
  ])('have no message that is refused by %s', async (constraint, over) => {
    const id = await begun();
    await expect(insert('side_messages', message(id, over))).rejects.toMatchObject({ constraint });
  });

  it('have each mail, each outgoing mail and each place once', async () => {
    const id = await begun();
    const [mail_id, outgoing_id] = [newId(), newId()];
    const incoming = { direction: 'in', author_id: null, outgoing_id: null, delivery: null, mail_id };
    await insert('side_messages', message(id, { outgoing_id }));
    await insert('side_messages', message(id, { ...incoming, seq: 2 }));
    const tries: [string, Row][] = [
      ['side_messages_seq_is_free', {}],
      ['side_messages_outgoing_once', { seq: 3, outgoing_id }],
      ['side_messages_mail_once', { ...incoming, seq: 3 }],
    ];
    for (const [constraint, over] of tries)
      await expect(insert('side_messages', message(id, over))).rejects.toMatchObject({ constraint });
  });

  it('are seen by their tenant alone, and go with their inquiry', async () => {
    const id = await begun();
    await insert('side_messages', message(id));
    const seen = (tenantId: string) =>
      slice.as(anActor([], { tenantId }), async () => [
        (await slice.db.query('select 1 from side_conversations where id = $1', [id])).length,
        (await slice.db.query('select 1 from side_messages where side_conversation_id = $1', [id])).length,
      ]);
    expect([await seen(TENANT), await seen(OTHER_TENANT)]).toEqual([
      [1, 1],
      [0, 0],
    ]);
    await rows('delete from inquiries where id = $1', [inquiryId]);
    expect(await seen(TENANT)).toEqual([0, 0]);
  });

  it('leave no words of theirs in the audit trail', async () => {
    const inquiry = await slice.as(boss, async () => {
      const question = { customerId: await aKnownCustomer(slice), subject: 'Lamp', message: 'Broken' };
      return (await slice.get(InquiriesService).record(question)).id;
    });
    const id = await begun({ inquiry_id: inquiry });
    await insert('side_messages', message(id, { body: 'Terribly secret' }));
    const [found] = await rows<{ count: string }>(`select count(*) from audit_log where after::text ~ 'Terribly'`);
    expect(Number(found!.count)).toBe(0);
  });

  it('let a mail be routed to one of them, and to nothing else beside', async () => {
    const side_conversation_id = newId();
    const mail = (over: Row = {}): Row => ({
      ...{ tenant_id: TENANT, id: newId(), raw_hash: newId().replaceAll('-', '').repeat(2), size: 1, received_at: NOW },
      ...{ state: 'routed', decision: 'reply', decided_at: NOW, side_conversation_id },
      ...over,
    });
    await insert('mails', mail());
    for (const over of [{ inquiry_id: newId() }, { lead_id: newId() }, { side_conversation_id: null }])
      await expect(insert('mails', mail(over))).rejects.toMatchObject({ constraint: 'mails_routed_belong_somewhere' });
    const thread = { tenant_id: TENANT, kind: 'side_conversation', inquiry_id: newId(), key: newId() };
    await expect(insert('mail_threads', { ...thread, side_conversation_id })).rejects.toMatchObject({
      constraint: 'mail_threads_side_names_itself',
    });
    await expect(insert('mail_threads', thread)).rejects.toMatchObject({
      constraint: 'mail_threads_side_names_itself',
    });
    await expect(
      insert('mail_threads', { ...thread, kind: 'number', key: 'INQ-1', side_conversation_id }),
    ).rejects.toMatchObject({ constraint: 'mail_threads_number_is_of_inquiry' });
  });

  it('name nobody in the entity that its row does not', () => {
    const made = SideConversation.start({ inquiryId, subject: 'x', recipients: [RECIPIENT] }, boss.id, NOW);
    made.releaseEvents();
    made.receive({ at: new Date(0), visibility: 'team', isAutomatic: true });
    expect(made).toMatchObject({ visibility: 'team', messageCount: 2, lastMessageAt: NOW, state: 'open' });
    made.receive({ at: NOW, visibility: 'all', isAutomatic: false });
    expect(made.visibility).toBe('team');
    expect(made.releaseEvents()).toMatchObject([{ type: 'inquiries.side-answered' }]);
  });
});
