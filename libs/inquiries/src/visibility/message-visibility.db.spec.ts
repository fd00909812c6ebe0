import { ensureTenant, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { anActor, bootSlice, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConversationService } from '../conversation/conversation.service.js';
import type { InquiryMessage, Written } from '../conversation/inquiry-message.entity.js';
import { InquiriesService } from '../inquiries/inquiries.service.js';
import { aKnownCustomer, inquiriesContexts, mergeInquiries } from '../testing.js';
import { MessageVisibilityService } from './message-visibility.service.js';
import { readsWords, VISIBILITIES, type Visibility } from './visibility.policy.js';
import { conversationOpen, conversationShown } from './words.reach.js';

const NOW = new Date('2031-03-03T10:00:00Z');
type Kept = { visibility: Visibility; named: string[]; restricted_at: Date | null };

describe('Who may read a message, by the database', () => {
  let slice: Slice;
  const boss = anActor(['inquiries:read_all', 'inquiries:update_all', 'inquiries:restrict_all', 'customers:read_all']);
  const [ann, ben, team, other] = [newId(), newId(), newId(), newId()];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    await ensureTenant(slice);
    await signIn(slice, { userId: boss.id });
    for (const userId of [ann, ben]) await signIn(slice, { userId, teams: [team, other] });
    await slice.superuser.query(
      `set session app.actor_id = '${boss.id}'; set session app.actor_name = 'tester'; delete from team_members`,
    );
  });
  afterAll(() => slice?.close());

  const rows = async <Row>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    (await slice.superuser.query(sql, values)).rows as Row[];
  const as = <T>(work: () => Promise<T>): Promise<T> => slice.as(boss, work);
  const inquiry = (over: object = {}): Promise<string> =>
    as(async () => {
      const question = { customerId: await aKnownCustomer(slice), subject: 'Lamp', message: 'Broken', ...over };
      return (await slice.get(InquiriesService).record(question)).id;
    });
  const write = (id: string, over: Partial<Written> = {}): Promise<InquiryMessage> =>
    as(() => slice.get(ConversationService).receive(id, { body: 'And now?', at: NOW, ...over }));
  const restrict = (id: string, visibility: Visibility, named: string[] = []) =>
    rows('update inquiry_messages set visibility = $2, named = $3 where id = $1', [id, visibility, named]);
  const kept = async (id: string): Promise<Kept> => {
    const [row] = await rows<Kept>('select visibility, named, restricted_at from inquiry_messages where id = $1', [id]);
    return row!;
  };
  const isOpen = async (id: string, reader: string, teams: string[] = [], tenantId = TENANT): Promise<boolean> => {
    const actor = anActor([], { tenantId });
    const ask = () =>
      slice.db.one<{ open: boolean }>('select message_is_open($1, $2, $3) as open', [id, reader, teams]);
    return (await slice.as(actor, ask))!.open;
  };

  it('is what the policy in the code says, whoever takes part in it', async () => {
    const id = await inquiry({ teamId: team });
    const message = await write(id);
    let compared = 0;
    for (const visibility of VISIBILITIES)
      for (const part of ['nobody', 'author', 'named', 'writer', 'assignee'] as const)
        for (const teams of [[], [team], [other]]) {
          const is = (of: typeof part): string | null => (part === of ? ann : null);
          const ids = (of: typeof part): string[] => (part === of ? [ann] : []);
          await restrict(message.id, visibility, ids('named'));
          await rows('update inquiry_messages set author_id = $2, writers = $3 where id = $1', [
            ...[message.id, is('author'), ids('writer')],
          ]);
          await rows('update inquiries set assigned_to = $2 where id = $1', [id, is('assignee')]);
          const said = {
            ...{ visibility, authorId: is('author'), named: ids('named'), writers: ids('writer'), watchers: [] },
            inquiries: [{ assignedTo: is('assignee'), teamId: team }],
          };
          const reader = { id: ann, kind: 'user', reachedTeams: teams } as const;
          expect([visibility, part, teams, await isOpen(message.id, ann, teams)]).toEqual([
            ...[visibility, part, teams, readsWords(reader, said)],
          ]);
          compared += 1;
        }
    expect(compared).toBe(45);
  });

  it('is nobody of another tenant, whatever is named', async () => {
    const message = await write(await inquiry());
    await restrict(message.id, 'participants', [ann]);
    expect(await isOpen(message.id, ann)).toBe(true);
    expect(await isOpen(message.id, ann, [], OTHER_TENANT)).toBe(false);
  });

  it('is who watched when it was kept from others, and nobody who began to watch it later', async () => {
    const id = await inquiry();
    const message = await write(id);
    const watch = (userId: string) =>
      rows('insert into inquiry_watchers (tenant_id, id, inquiry_id, user_id, added_by) values ($1, $2, $3, $4, $4)', [
        ...[TENANT, newId(), id, userId],
      ]);
    await watch(ann);
    await rows('select pg_sleep(0.005)'); // times are kept in milliseconds
    await restrict(message.id, 'team');
    await rows('select pg_sleep(0.005)');
    await watch(ben);
    await restrict(message.id, 'participants');
    expect([await isOpen(message.id, ann), await isOpen(message.id, ben)]).toEqual([true, false]);
    const reply = await write(id);
    expect([await isOpen(reply.id, ann), await isOpen(reply.id, ben)]).toEqual([true, false]);
    await restrict(message.id, 'all');
    expect((await kept(message.id)).restricted_at).toBeNull();
  });

  it('are as few as of what it follows, whatever it says itself, with who was named there', async () => {
    const id = await inquiry();
    await restrict((await write(id)).id, 'team', [ben]);
    await restrict((await write(id)).id, 'participants', [ann]);
    const reply = await write(id, { visibility: 'all' });
    expect(await kept(reply.id)).toMatchObject({ visibility: 'participants', named: [ann] });
    const note = await as(() => slice.get(ConversationService).note(id, 'Known fault'));
    expect(await kept(note.id)).toMatchObject({ visibility: 'participants', named: [ann] });
  });

  it('are as before after a note, whoever that is for and whoever is named on it, and after an answer that names people', async () => {
    const id = await inquiry();
    const note = await as(() => slice.get(ConversationService).note(id, 'Between us'));
    await restrict(note.id, 'participants', [ben]);
    expect(await kept((await write(id)).id)).toMatchObject({ visibility: 'all', named: [] });
    await restrict((await write(id)).id, 'participants', [ann]);
    const [second] = [await as(() => slice.get(ConversationService).note(id, '@ben'))];
    await restrict(second.id, 'participants', [ann, ben]);
    await as(() =>
      slice.db.transaction(() =>
        slice.get(ConversationService).answered(id, {
          ...{ responseId: newId(), messageId: `<${newId()}@nexus.example>`, subject: 'Re', body: 'Soon' },
          ...{ authorId: boss.id, writers: [boss.id], at: NOW },
        }),
      ),
    );
    const [answer] = await rows<{ id: string }>(
      `select id from inquiry_messages where inquiry_id = $1 and direction = 'out'`,
      [id],
    );
    expect(await kept(answer!.id)).toMatchObject({ visibility: 'participants', named: [ann] });
    await restrict(answer!.id, 'participants', [ann, ben]);
    expect(await kept((await write(id)).id)).toMatchObject({ visibility: 'participants', named: [ann] });
  });

  it('may be fewer than of what it follows, and then it tells nothing of the inquiry', async () => {
    const id = await inquiry();
    const reply = await write(id, { visibility: 'participants' });
    expect(await kept(reply.id)).toMatchObject({ visibility: 'participants', restricted_at: expect.any(Date) });
    expect(await rows('select visibility from inquiries where id = $1', [id])).toEqual([{ visibility: 'all' }]);
  });

  it('are as few in an inquiry that another one went on in', async () => {
    const [source, home] = [await inquiry(), await inquiry()];
    const message = await write(source);
    await as(() => mergeInquiries(slice, source, home));
    await restrict(message.id, 'team', [ann]);
    expect(await kept((await write(home)).id)).toMatchObject({ visibility: 'team', named: [ann] });
    await rows('update inquiries set assigned_to = $2, team_id = $3 where id = $1', [home, ben, team]);
    expect(await isOpen(message.id, ben)).toBe(true);
    expect([await isOpen(message.id, newId(), [team]), await isOpen(message.id, newId(), [other])]).toEqual([
      true,
      false,
    ]);
  });

  const ASKED = { 'of each there is': conversationShown, 'of one at a time': conversationOpen };
  it.each(Object.entries(ASKED))(
    'is asked of all that is read as one with an inquiry, from wherever one looks: %s',
    async (_, asked) => {
      const [home, one, two, apart] = [await inquiry(), await inquiry(), await inquiry(), await inquiry()];
      for (const source of [one, two]) await as(() => mergeInquiries(slice, source, home));
      const reader = anActor([], { id: ann });
      const shown = async (): Promise<boolean[]> => {
        const params: unknown[] = [[home, one, two, apart]];
        const whole = asked('i.id', reader, params);
        const sql = `select ${whole} as whole from inquiries i where i.id = any ($1) order by array_position($1, i.id)`;
        return (await slice.as(reader, () => slice.db.query<{ whole: boolean }>(sql, params))).map((row) => row.whole);
      };
      expect(await shown()).toEqual([true, true, true, true]);
      for (const id of [home, one, two]) {
        const [first] = await rows<{ id: string }>('select id from inquiry_messages where inquiry_id = $1', [id]);
        await restrict(first!.id, 'participants');
        expect([id, await shown()]).toEqual([id, [false, false, false, true]]);
        await restrict(first!.id, 'participants', [ann]);
        expect([id, await shown()]).toEqual([id, [true, true, true, true]]);
      }
    },
  );

  it.each(['follow_up_of', 'split'] as const)('are as few in an inquiry that was begun by it: %s', async (how) => {
    const id = await inquiry();
    const message = await write(id);
    await restrict(message.id, 'participants', [ann]);
    const made = await as(() =>
      slice.db.transaction(async () => {
        const { Openings } = await import('../inquiries/openings.service.js');
        const customerId = await aKnownCustomer(slice);
        const opening = {
          customerId,
          subject: 'Lamp, again',
          message: 'Quoted',
          channel: 'email',
          createdBy: boss.id,
        } as const;
        const from = how === 'split' ? { split: { from: id, messageId: message.id } } : { followUpOf: id };
        return slice.get(Openings).open({ ...opening, ...from }, {}, NOW);
      }),
    );
    const [first] = await rows<{ id: string }>('select id from inquiry_messages where inquiry_id = $1', [made.id]);
    expect(await kept(first!.id)).toMatchObject({ visibility: 'participants', named: [ann] });
    expect(await rows('select visibility, version from inquiries where id = $1', [made.id])).toEqual([
      { visibility: 'participants', version: 1 },
    ]);
    expect(await rows('select title, body from search_documents where id = $1', [made.id])).toEqual([
      { title: expect.stringMatching(/^INQ-\d{6}$/), body: null },
    ]);
  });

  it('keeps the words of an inquiry out of every search as long as they are not for all', async () => {
    const id = await inquiry({ subject: 'Zeppelin', message: 'It carries a xylophone' });
    const [first] = await rows<{ id: string }>('select id from inquiry_messages where inquiry_id = $1', [id]);
    const found = async () => {
      const seek = (sql: string) => as(() => slice.db.query<{ id: string }>(sql));
      return [
        (await seek(`select inquiries_search('xyloph', 100) as id`)).map((row) => row.id).includes(id),
        (await rows(`select 1 from search_documents where id = $1 and words @@ 'xylophone | zeppelin'::tsquery`, [id]))
          .length > 0,
      ];
    };
    expect(await found()).toEqual([true, true]);
    await restrict(first!.id, 'team');
    expect(await found()).toEqual([false, false]);
    expect(await rows('select visibility, version from inquiries where id = $1', [id])).toEqual([
      { visibility: 'team', version: 2 },
    ]);
    await restrict(first!.id, 'all');
    expect(await found()).toEqual([true, true]);
  });

  it('hides what comes in at the very moment in which it is said, whichever is first', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await inquiry();
      const message = await write(id);
      const readers = { visibility: 'participants' } as const;
      const said = as(() => slice.get(MessageVisibilityService).set(id, message.id, readers));
      await Promise.all([
        ...Array.from({ length: 4 }, () => write(id)),
        said,
        ...Array.from({ length: 4 }, () => write(id)),
      ]);
      expect(
        await rows(
          'select visibility, count(*)::int as n from inquiry_messages where inquiry_id = $1 and seq > 1 group by 1',
          [id],
        ),
      ).toEqual([{ visibility: 'participants', n: 9 }]);
    }
  });

  it('names people alone', async () => {
    const message = await write(await inquiry());
    await expect(restrict(message.id, 'team', [newId()])).rejects.toMatchObject({
      ...{ code: '23503', constraint: 'inquiry_messages_named_are_people' },
    });
  });
});
