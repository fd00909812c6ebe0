import { TestSmtpServer } from '@app/messaging/testing';
import { rearmFailpoint } from '@app/platform';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DecisionsService } from '../responses/decisions.service.js';
import { Response } from '../responses/response.entity.js';
import { ResponsesService } from '../responses/responses.service.js';
import { anInquiryByMail, deskContexts, everything, wordsOf } from '../testing/desk.js';

describe('A sending that breaks between the mail and the commit', () => {
  let smtp: TestSmtpServer;
  let slice: Slice;

  beforeAll(async () => {
    rearmFailpoint({ FAILPOINT: 'responses.mail-queued:1:throw' });
    smtp = await TestSmtpServer.start();
    slice = await bootSlice({
      contexts: deskContexts,
      app: 'worker',
      env: { RESPONSE_UNDO_SECONDS: '0', SMTP_URL: smtp.url },
    });
  });
  afterAll(async () => {
    rearmFailpoint({});
    await slice.close();
    await smtp.stop();
  });

  it('leaves no mail behind, and happens once when it is tried again', async () => {
    const [author, manager] = [anActor(everything), anActor(everything)];
    const { inquiryId } = await anInquiryByMail(slice);
    const { id } = await slice.as(author, () =>
      slice.get(ResponsesService).draft({ inquiryId, message: 'It left this morning.' }),
    );
    await slice.as(author, () => slice.get(ResponsesService).submit(id, {}));
    await slice.as(manager, () => slice.get(DecisionsService).approve(id, { revision: 1 }, null));
    const current = (): Promise<Response> => slice.as(author, () => slice.db.get(Response, id));

    const broken =
      "select last_error, attempts from deliveries where listener = 'responses.send' and last_error is not null";
    await expect.poll(async () => (await slice.superuser.query(broken)).rows, { timeout: 10_000 }).toHaveLength(1);
    expect(await current()).toMatchObject({ status: 'approved', messageId: null });
    expect((await slice.superuser.query('select 1 from messages')).rows).toEqual([]);

    await expect.poll(async () => (await current()).status, { timeout: 20_000 }).toBe('sent');
    await slice.settled();
    expect(smtp.received).toHaveLength(1);
    expect((await wordsOf(slice, inquiryId)).map(({ direction }) => direction)).toEqual(['in', 'out']);
  });
});
