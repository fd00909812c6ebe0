import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Nexus } from '../support/nexus.js';
import { commandsOf, runBlocks } from '../support/readme.js';

describe("the README's story", () => {
  let nexus: Nexus;

  beforeAll(async () => {
    nexus = await Nexus.start({ env: { RESPONSE_UNDO_SECONDS: '1' } });
  });
  afterAll(() => nexus.stop());

  it('runs as it is written, twice', async () => {
    // Only the address is another, and the time to undo shorter.
    const story = commandsOf('README.md', 'The story').map((block) => block.replace('sleep 14', 'sleep 5'));
    for (const round of [1, 2]) {
      const [login, mail, draft, decision, sending, record, hanging] = await runBlocks(story, nexus.url);
      expect(login).toBe('');
      expect(JSON.parse(mail ?? '')).toMatchObject({ subject: 'Where is my order?', status: 'new' });
      expect(draft).toContain('"status":"open"');
      expect(draft).toContain('"status":"pending_approval"');
      expect(decision).toContain('"code":"self_approval"');
      expect(decision).toContain('"status":"approved"');
      expect(sending?.split('\n')).toEqual(['sent', 'pending_customer']);
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
