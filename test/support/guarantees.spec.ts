import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const isThere = (path: string, title: string): boolean =>
  existsSync(join(ROOT, path)) && ["'", '"', '`'].some((quote) => read(path).includes(quote + title + quote));

describe('The guarantees', () => {
  const rows = read('docs/guarantees.md')
    .split('\n')
    .filter((line) => /^\| [A-Z]{2}\d+ \|/.test(line))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

  it('name only tests that exist', () => {
    const named = rows.flatMap(([id = '', , proof = '']) =>
      [...proof.matchAll(/`([^`]+)` “([^”]+)”/g)].map(([, path = '', title = '']) => ({ id, path, title })),
    );
    expect(named.length).toBeGreaterThan(150);
    expect(named.filter(({ path, title }) => !isThere(path, title))).toEqual([]);
  });

  it('each name a test, or what is to come', () => {
    expect(rows.filter(([, , proof = '']) => !/^(`[^`]+` “|with \w)/.test(proof)).map(([id]) => id)).toEqual([]);
    expect(new Set(rows.map(([id]) => id)).size).toBe(rows.length);
  });

  it('are held against the ASVS by tests that exist', () => {
    const [head, ...lines] = read('docs/asvs.csv').trim().split('\n');
    expect(head).toBe('requirement,status,test');
    const wrong = lines.filter((line) => {
      const [, status, path = '', title = ''] = /^V\d+\.\d+\.\d+,(met|planned),"?(?:(\S+) “(.+)”)?"?$/.exec(line) ?? [];
      return status === 'met' ? !isThere(path, title) : status !== 'planned';
    });
    expect(wrong).toEqual([]);
    expect(lines.length).toBeGreaterThan(60);
  });
});
