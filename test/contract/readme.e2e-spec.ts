import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Nexus } from '../support/nexus.js';

const run = promisify(execFile);
const README = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');

/** The commands of the story, as somebody pastes them. Only the address is another, and the time to undo shorter. */
function storyAt(url: string): string {
  const begin = README.indexOf('## The story');
  const chapter = README.slice(begin, README.indexOf('\n## ', begin + 1));
  const blocks = [...chapter.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block);
  return blocks.join("\nprintf '\\n===\\n'\n").replaceAll('http://localhost:3000', url).replace('sleep 14', 'sleep 5');
}

describe("the README's story", () => {
  let nexus: Nexus;

  beforeAll(async () => {
    nexus = await Nexus.start({ env: { RESPONSE_UNDO_SECONDS: '1' } });
  });
  afterAll(() => nexus.stop());

  it('runs as it is written, twice', async () => {
    for (const round of [1, 2]) {
      const { stdout, stderr } = await run('bash', ['--norc', '-euc', storyAt(nexus.url)], { maxBuffer: 2 ** 24 });
      expect(stderr).toBe('');
      const [login, mail, draft, decision, sending, record, hanging] = stdout.split('\n===\n');
      expect(login).toBe('');
      expect(JSON.parse(mail ?? '')).toMatchObject({ subject: 'Where is my order?', status: 'new' });
      expect(draft).toContain('"status":"open"');
      expect(draft).toContain('"status":"pending_approval"');
      expect(decision).toContain('"code":"self_approval"');
      expect(decision).toContain('"status":"approved"');
      expect(sending?.trim().split('\n')).toEqual(['sent', 'pending_customer']);
      expect(record).toContain('"action":"');
      expect(record).toContain('"valid":true');
      expect(hanging).toContain('"body":"Prefers letters. @cso, please."');
      expect(hanging?.trim()).toMatch(/\}Called on Monday\.$/);
      const sent = nexus.sink.messages().filter(({ to }) => to.includes('grace@navy.example'));
      expect(sent).toHaveLength(round);
      expect(sent.at(-1)?.text).toContain('it arrives on Monday');
    }
  });
});
