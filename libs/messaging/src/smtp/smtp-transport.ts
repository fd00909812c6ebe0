import { AsyncResource } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { Config, Drain } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import type { SendMailOptions } from 'nodemailer';
import { type Letter, MailTransport, type Outcome } from './mail-transport.js';
import { outcomeOfFault, outcomeOfSent, type SmtpFault } from './smtp-outcome.js';

const MOST_CONNECTIONS = 10; // as many as a worker runs deliveries at once
const CONNECT_MS = 10_000;
// RFC 5321 (4.5.3.2) would wait ten minutes for an answer; a worker's place is worth more, and a later answer is `unknown`
const SILENCE_MS = 60_000;
/** The whole call, also from a server that trickles. Below the delivery's own limit and the lease. */
export const LONGEST_CALL_MS = 100_000;

type Gate = () => Promise<void>;
type Gated = SendMailOptions & { gate: Gate };

/** A pool of SMTP connections per process. TLS and credentials stand in SMTP_URL. */
@Injectable()
export class SmtpTransport extends MailTransport {
  private readonly log = new Logger('smtp');
  private pool: ReturnType<typeof connect> | undefined;

  constructor(
    private readonly config: Config,
    drain: Drain,
  ) {
    super();
    drain.onDrain('connections', 'smtp', async () => (await this.pool)?.close());
  }

  async send(letter: Letter, beforeData: () => Promise<void>): Promise<Outcome> {
    let isHandedOver = false;
    let barred: { reason: unknown } | undefined;
    // a pooled socket's callbacks run in the scope of whoever opened it, another tenant's perhaps
    const inOurScope = AsyncResource.bind(beforeData);
    const gate = async (): Promise<void> => {
      await inOurScope().catch((reason: unknown) => {
        barred = { reason };
        throw reason;
      });
      isHandedOver = true;
    };
    try {
      this.pool ??= connect(this.config.SMTP_URL);
      const sent = await (
        await this.pool
      ).sendMail({
        ...compose(letter),
        gate,
        signal: AbortSignal.timeout(LONGEST_CALL_MS),
      } as Gated);
      return outcomeOfSent(sent);
    } catch (error) {
      if (barred) throw barred.reason;
      const outcome = outcomeOfFault(error as SmtpFault, isHandedOver, letter.envelope);
      this.log.warn({ messageId: letter.messageId, outcome: outcome.kind, error: (error as SmtpFault).code });
      return outcome;
    }
  }
}

/** The library is read by who sends: the API only writes down what the worker is to send. */
async function connect(url: string) {
  const { createTransport } = await import('nodemailer');
  const pool = createTransport({
    url,
    pool: true,
    maxConnections: MOST_CONNECTIONS,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // nodemailer reads the stream after the server's 354: what holds the stream back holds back the text
  pool.use('stream', (mail, done) => {
    const { gate } = mail.data as Gated;
    const content = mail.message.createReadStream.bind(mail.message);
    mail.message.createReadStream = (options) =>
      Readable.from(
        gated(gate, () => content(options)),
        { objectMode: false },
      );
    done();
  });
  return pool;
}

async function* gated(gate: Gate, content: () => Readable): AsyncGenerator<Buffer> {
  await gate();
  yield* content() as AsyncIterable<Buffer>;
}

function compose(letter: Letter): SendMailOptions {
  const automatic = letter.inReplyTo ? 'auto-replied' : 'auto-generated'; // RFC 3834, 5
  return {
    from: toHeader(letter.from),
    to: letter.to.map(toHeader),
    cc: letter.cc.map(toHeader),
    replyTo: letter.replyTo ? toHeader(letter.replyTo) : undefined,
    envelope: { from: letter.from.address, to: [...letter.envelope] },
    subject: letter.subject,
    text: letter.text,
    html: letter.html ?? undefined,
    messageId: letter.messageId,
    inReplyTo: letter.inReplyTo ?? undefined,
    references: [...letter.references],
    headers: {
      ...(letter.isAutoSubmitted && { 'Auto-Submitted': automatic }),
      ...(letter.unsubscribeUrl && {
        'List-Unsubscribe': { prepared: true, foldLines: true, value: `<${letter.unsubscribeUrl}>` },
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
  };
}

const toHeader = ({ name = '', address }: Letter['from']): { name: string; address: string } => ({ name, address });
