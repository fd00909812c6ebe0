import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
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
