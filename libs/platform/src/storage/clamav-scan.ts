import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/index.js';
import { type FileScan, FileScanPort, Provides } from '../ports/index.js';

const SILENCE_MS = 60_000;
const LONGEST_ANSWER = 4096; // bytes
const LENGTH_BYTES = 4;

/** The scanner took the file and said nothing of it, or could not be asked: the file is not known to be clean. */
export class ScanFailed extends Error {}

/** ClamAV's daemon, over TCP or a UNIX socket: `INSTREAM` in the form that ends with NUL (clamd(8)). One connection a file. */
@Injectable()
@Provides(FileScanPort)
export class ClamavScan implements FileScan {
  readonly name = 'clamav';

  constructor(private readonly config: Config) {}

  /** @throws ScanFailed, and whatever the content or the connection throws */
  async find(content: Readable): Promise<string | null> {
    const socket = connect(addressOf(this.config.CLAMAV_URL ?? ''));
    socket.setTimeout(SILENCE_MS, () => socket.destroy(new ScanFailed('clamd says nothing')));
    const answer = answerOf(socket);
    try {
      // What breaks first is what broke; an answer may come while the file is still being sent, and ends the sending.
      const sent = pipeline(framed(content), socket, { end: false }).then(() => answer);
      return verdictOf(await Promise.race([sent, answer]));
    } finally {
      socket.destroy();
      answer.catch(() => undefined); // the other of the two
    }
  }
}

function addressOf(url: string): NetConnectOpts {
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol === 'unix:') return { path: decodeURIComponent(pathname) };
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 3310) };
}

/** Each piece after its length, big-endian; one of no length ends the file. */
async function* framed(content: Readable): AsyncGenerator<Buffer> {
  yield Buffer.from('zINSTREAM\0');
  for await (const piece of content as AsyncIterable<Buffer>) {
    if (piece.length === 0) continue;
    yield lengthOf(piece.length);
    yield piece;
  }
  yield lengthOf(0);
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(bytes);
  return length;
}

function answerOf(socket: Socket): Promise<string> {
  return new Promise((done, failed) => {
    let told = '';
    socket.on('data', (piece: Buffer) => {
      told += piece.toString('utf8');
      if (told.includes('\0')) done(told.slice(0, told.indexOf('\0')));
      else if (told.length > LONGEST_ANSWER) socket.destroy(new ScanFailed('clamd says too much'));
    });
    socket.on('error', failed);
    socket.on('close', () => failed(new ScanFailed('clamd hung up without an answer')));
  });
}

/** `stream: OK`, `stream: <name> FOUND`; anything else, such as of a file above its `StreamMaxLength`, is no verdict. */
function verdictOf(answer: string): string | null {
  if (answer === 'stream: OK') return null;
  const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
  if (found === undefined) throw new ScanFailed(`clamd says: ${answer}`);
  return found;
}
