import { MailBounced } from '@app/mail/events';
import { newId } from '@app/kernel';
import { anActor, bootSlice, type Slice, TokenDoorModule } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { messagingContext } from '../index.js';
import { Messaging } from '../messaging.facade.js';
import { aMail } from '../testing.js';

describe('a bounce', () => {
  let slice: Slice;
  const actor = anActor();
  beforeAll(async () => {
    slice = await bootSlice({
      contexts: [messagingContext],
      app: 'worker',
      modules: [TokenDoorModule],
      env: { SMTP_URL: 'smtp://127.0.0.1:1' },
    });
  });
  beforeEach(() => slice.empty('messages', 'suppressions', 'outbox', 'deliveries', 'audit_log'));
  afterAll(() => slice.close());

  const bounce = async (over: Partial<Parameters<typeof MailBounced>[0]>): Promise<string[]> => {
    const { messageId } = await slice.as(actor, () =>
      slice
        .get(Messaging)
        .send(aMail({ to: [{ address: 'grace@navy.example' }], notBefore: new Date(Date.now() + 3_600_000) })),
    );
    const report = {
      mailId: newId(),
      originalMessageId: messageId,
      recipient: 'Grace@navy.example',
      permanent: true,
      status: '5.1.1',
      diagnostic: '550 no such user',
    };
    await slice.as(actor, () => slice.db.publish(MailBounced({ ...report, ...over })));
    await slice.settled();
    return (
      await slice.superuser.query<{ address: string }>("select address from suppressions where reason = 'hard_bounce'")
    ).rows.map(({ address }) => address);
  };

  it('of what we sent ends mail to a dead address', async () => {
    expect(await bounce({})).toEqual(['grace@navy.example']);
  });

  it.each([
    ['that will pass ends nothing', { permanent: false }],
    ['of a mail that we never sent is forged', { originalMessageId: '<forged@elsewhere.example>' }],
    ['for somebody whom we did not write to is forged', { recipient: 'edsger@twente.example' }],
    ['that names no mail proves nothing', { originalMessageId: null }],
  ])('%s', async (_, over) => {
    expect(await bounce(over)).toEqual([]);
  });
});
