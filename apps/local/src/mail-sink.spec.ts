import { createTransport, type SendMailOptions } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseBehaviour } from './mail-http.js';
import { type MailMessage } from './mail-message.js';
import { type MailSink, startMailSink } from './mail-sink.js';

describe('the mail sink', () => {
  let sink: MailSink;
  beforeEach(async () => {
    sink = await startMailSink({ smtpPort: 0, httpPort: 0 });
  });
  afterEach(() => sink.stop());

  const send = (mail: SendMailOptions = {}): Promise<unknown> => {
    const transport = createTransport(sink.smtpUrl);
    const defaults = { from: 'Nexus <support@demo.example>', to: 'ana@customer.example', subject: 'Hello', text: 'Hi' };
    return transport.sendMail({ ...defaults, ...mail }).finally(() => transport.close());
  };
  const listed = async (): Promise<MailMessage[]> =>
    (await (await fetch(`${sink.httpUrl}/messages`)).json()) as MailMessage[];
  const behave = (body: unknown): Promise<Response> =>
    fetch(`${sink.httpUrl}/behaviour`, { method: 'POST', body: JSON.stringify(body) });

  it('shows over HTTP what arrived over SMTP', async () => {
    await send({
      to: ['Ana <ana@customer.example>', 'ben@customer.example'],
      subject: 'Grüße',
      html: '<p>Hi</p>',
      messageId: '<2@demo.example>',
      inReplyTo: '<1@customer.example>',
      references: ['<0@customer.example>', '<1@customer.example>'],
    });
    expect(await listed()).toEqual([
      {
        id: expect.any(String),
        from: 'support@demo.example',
        to: ['ana@customer.example', 'ben@customer.example'],
        recipients: ['ana@customer.example', 'ben@customer.example'],
        subject: 'Grüße',
        messageId: '<2@demo.example>',
        inReplyTo: '<1@customer.example>',
        references: ['<0@customer.example>', '<1@customer.example>'],
        text: 'Hi\n',
        html: '<p>Hi</p>\n',
        receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
  });

  it('names blind-copied recipients, whom the headers do not', async () => {
    await send({ bcc: 'archive@demo.example' });
    expect(sink.messages()[0]).toMatchObject({
      to: ['ana@customer.example'],
      recipients: ['ana@customer.example', 'archive@demo.example'],
    });
  });

  it('lists the newest mail first', async () => {
    await send({ subject: 'first' });
    await send({ subject: 'second' });
    expect((await listed()).map(({ subject }) => subject)).toEqual(['second', 'first']);
  });

  it('hands out a mail as it was received', async () => {
    await send({ headers: { 'X-Nexus': 'kept' } });
    const [mail] = await listed();
    expect(await (await fetch(`${sink.httpUrl}/messages/${mail?.id}/raw`)).text()).toContain('X-Nexus: kept');
    expect((await fetch(`${sink.httpUrl}/messages/unknown/raw`)).status).toBe(404);
  });

  it('forgets its mails when told to', async () => {
    await send();
    expect((await fetch(`${sink.httpUrl}/messages`, { method: 'DELETE' })).status).toBe(204);
    expect(await listed()).toEqual([]);
  });

  it('shows hostile mail as text, never as markup', async () => {
    const attack = '<script>alert(1)</script><img src=x onerror=alert(2)>';
    await send({ subject: attack, text: undefined, html: attack, to: '"<b>" <a@b.example>' });
    const response = await fetch(sink.httpUrl);
    const page = await response.text();
    expect(page).not.toMatch(/<script|<img/);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('refuses for good with a 5xx and keeps nothing', async () => {
    sink.behave('reject_permanent');
    await expect(send()).rejects.toMatchObject({ responseCode: 550 });
    expect(sink.messages()).toEqual([]);
  });

  it('refuses for now with a 4xx as often as asked, then accepts', async () => {
    expect((await behave({ mode: 'reject_temporary', times: 2 })).status).toBe(204);
    await expect(send()).rejects.toMatchObject({ responseCode: 451 });
    await expect(send()).rejects.toMatchObject({ responseCode: 451 });
    await send();
    expect(sink.messages()).toHaveLength(1);
  });

  it('can take a mail and cut the line before it says so', async () => {
    sink.behave('drop_after_data', 1);
    await expect(send()).rejects.toThrow(/close|ECONN|socket/i);
    expect(sink.messages()).toHaveLength(1);
  });

  it('refuses a behaviour that it does not have', async () => {
    expect((await behave({ mode: 'explode' })).status).toBe(400);
    expect(() => parseBehaviour('{"mode":"accept","times":0}')).toThrow('times');
  });

  it('takes the next port when its own is taken', async () => {
    const port = Number(new URL(sink.smtpUrl).port);
    const other = await startMailSink({ smtpPort: port, httpPort: port });
    await other.stop();
    expect(Number(new URL(other.smtpUrl).port)).toBeGreaterThan(port);
    expect(other.httpUrl).not.toBe(other.smtpUrl.replace('smtp', 'http'));
  });
});
