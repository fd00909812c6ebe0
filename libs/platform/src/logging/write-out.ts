import { writeSync } from 'node:fs';

/** What sonic-boom 4 keeps for its file: in `_bufs` what waits, in `_writingBuf` what is or was being written. */
type Gathering = { fd: number; _writing: boolean; _writingBuf: string; _bufs: string[]; _len: number };

const TRIES = 100;
const PAUSE_MS = 10;
const pause = new Int32Array(new SharedArrayBuffer(4));

const gathers = (stream: unknown): stream is Gathering =>
  typeof stream === 'object' && stream !== null && '_bufs' in stream && 'fd' in stream && Number(stream.fd) >= 0;

/**
 * Writes what a stream has gathered, at once, and gives the rest up where the disk refuses: sonic-boom's own `flushSync`
 * tries for ever then, and a process that is told to end would hang.
 */
export function writeOut(stream: unknown): void {
  if (!gathers(stream)) return;
  const waiting = stream._writing ? stream._bufs : [stream._writingBuf, ...stream._bufs];
  const rest = Buffer.from(waiting.join(''));
  if (!stream._writing) stream._writingBuf = '';
  stream._bufs = [];
  stream._len = stream._writingBuf.length;
  for (let at = 0, tries = 0; at < rest.length && tries < TRIES;) {
    try {
      at += writeSync(stream.fd, rest, at);
    } catch (error) {
      if (!isBusy(error)) return;
      tries++;
      Atomics.wait(pause, 0, 0, PAUSE_MS); // a pipe whose reader is slow
    }
  }
}

const isBusy = (error: unknown): boolean => ['EAGAIN', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '');
