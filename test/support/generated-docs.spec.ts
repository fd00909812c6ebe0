import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderConfigTable, renderEnvExample } from '@app/platform';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const [BEGIN, END] = ['<!-- configuration: begin -->\n', '<!-- configuration: end -->'];

/** With UPDATE_DOCS=1 the file is brought up to date first. */
function brought(file: string, rendered: (text: string) => string): { is: string; ought: string } {
  const path = resolve(ROOT, file);
  const ought = rendered(readFileSync(path, 'utf8'));
  if (process.env.UPDATE_DOCS) writeFileSync(path, ought);
  return { is: readFileSync(path, 'utf8'), ought };
}

function withTable(readme: string): string {
  const [before, after] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (before < 0 || after < before) throw new Error('README.md has lost the marks around its configuration table');
  return readme.slice(0, before + BEGIN.length) + renderConfigTable() + readme.slice(after);
}

describe('What is generated from the configuration schema', () => {
  it('stands in .env.example', () => {
    const { is, ought } = brought('.env.example', () => renderEnvExample());
    expect(is).toBe(ought);
  });

  it("stands in the README's table", () => {
    const { is, ought } = brought('README.md', withTable);
    expect(is).toBe(ought);
  });
});
