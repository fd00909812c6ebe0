import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Nexus } from './nexus.js';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
/** For a test that pastes: each command of a README starts a process or two. */
export const PASTING = 240_000;
const MARK = '\n===\n';

/** The blocks of shell of a chapter, as somebody pastes them. */
export function commandsOf(path: string, chapter: string): string[] {
  const readme = readFileSync(resolve(ROOT, path), 'utf8');
  const begin = readme.indexOf(`## ${chapter}`);
  const end = readme.indexOf('\n## ', begin + 1);
  const text = readme.slice(begin, end < 0 ? undefined : end);
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** Runs blocks in one shell, beside the API at this address; what each of them printed. */
export async function runBlocks(blocks: string[], url: string, env: Record<string, string> = {}): Promise<string[]> {
  const script = blocks.join("\nprintf '\\n===\\n'\n").replaceAll('http://localhost:3000', url);
  const options = { cwd: ROOT, env: { ...process.env, ...env }, maxBuffer: 2 ** 24 };
  const { stdout, stderr } = await run('bash', ['--norc', '-euc', script], options);
  if (stderr) throw new Error(stderr);
  return stdout.split(MARK).map((told) => told.trim());
}

/** What the blocks of a context's README print, line by line, in the shell of the README's own story. */
export async function paste(nexus: Nexus, context: string, env: Record<string, string> = {}): Promise<string[][]> {
  const story = commandsOf('README.md', 'The story');
  const given = [story.at(0), story.at(-1)] as string[];
  const blocks = commandsOf(`libs/${context}/README.md`, 'With curl').map((block) =>
    block
      .replaceAll('node apps/local/bootstrap.mjs cli', 'node dist/cli.js')
      .replace('sleep 5', 'sleep 10')
      .replace('sleep 20', 'sleep 0.5')
      .replace('sleep 14', 'sleep 6'),
  );
  const told = await runBlocks([...given, ...blocks], nexus.url, { ...nexus.env, ...env });
  return told.slice(given.length).map((text) => text.split('\n'));
}
