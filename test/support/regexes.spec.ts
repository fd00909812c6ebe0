import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const SIZES = [30, 200, 1000, 10_000]; // small ones first: what grows exponentially is found before it hangs
const MOST_MS = 15; // 10,000 characters take a linear expression less than one, a quadratic one fifty and more

/** Those that are slow over text without end and are only ever given short text, with what keeps it short. */
const BOUNDED: Record<string, string> = {
  '\\d+$': 'of a password, which has 128 characters at most',
  '^(.+?)\\1*$': 'of a password, which has 128 characters at most',
  '^(?:"?([^"<>]*?)"?\\s*<([^<>]+)>|(\\S+))$': 'MAIL_FROM, of whoever runs this',
  '\\s+default\\s+[^,)]+': 'our own SQL',
  '(\\w+) (text|uuid|timestamptz|bytea\\[\\]|bytea|jsonb|int)': 'our own SQL',
};

type Literal = { file: string; source: string; flags: string };

const OF_TESTS = /\.spec\.ts$|\/testing\/|\/testing\.ts$|\/corpus\/|^apps\/local\//;
const FILES = ['libs', 'apps'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter((file) => file.endsWith('.ts') && !OF_TESTS.test(file)),
);

/** Every regular expression that is written in the product. */
function literals(): Literal[] {
  return FILES.flatMap((file) => {
    const found: Literal[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        found.push({ file, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
      }
      node.forEachChild(visit);
    };
    visit(ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest));
    return found;
  });
}

/** Pieces that an expression may run over again and again: its own characters, and one of each common class. */
function piecesFor({ source }: Literal): string[] {
  const own = source.replace(/\\[a-zA-Z]\{?[^}]*\}?/g, '').match(/[^\\()[\]{}?*+|^$]/gu) ?? [];
  const single = [...new Set([...own.slice(0, 12), ' ', '\n', 'a', 'A', '1', '-', '<', '@', '.', ',', '"'])];
  const words = source.match(/[a-z][a-z-]{2,}/gi)?.slice(0, 3) ?? [];
  const pairs = single.slice(-11).flatMap((one) => single.map((other) => one + other));
  return [...single, ...words, ...pairs];
}

/** What it takes too long over, or nothing. */
function slowOver(literal: Literal): string | undefined {
  const regex = new RegExp(literal.source, literal.flags.replace('y', ''));
  for (const piece of piecesFor(literal)) {
    for (const size of SIZES) {
      const text = `${piece.repeat(size / piece.length)}\u0000`;
      const started = performance.now();
      text.replace(regex, '');
      const took = performance.now() - started;
      if (size === 200 && took < 0.02) break; // 200 steps, not 200 times 200
      if (took > MOST_MS && isSlowAgain(regex, text)) return `${JSON.stringify(piece)} × ${size}`;
    }
  }
  return undefined;
}

/** The machine may have been busy with something else, and this process with collecting garbage: what is slow is so every time. */
function isSlowAgain(regex: RegExp, text: string): boolean {
  return [1, 2, 3].every(() => {
    const started = process.cpuUsage();
    text.replace(regex, '');
    return process.cpuUsage(started).user > MOST_MS * 1000;
  });
}

describe('The regular expressions', () => {
  it('take linear time over hostile text, save where the text is short', { timeout: 60_000 }, () => {
    const all = literals();
    expect(all.length).toBeGreaterThan(150);
    const slow = all
      .filter(({ source }) => !(source in BOUNDED))
      .map((literal) => ({ ...literal, over: slowOver(literal) }))
      .filter(({ over }) => over);
    expect(slow).toEqual([]);
  });

  it('that are put together are put together of our own words', () => {
    const making = FILES.filter((file) => /\bRegExp\(/.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(making.sort()).toEqual([
      'libs/mail/src/parsing/address.ts',
      'libs/mail/src/parsing/reply-markers.ts',
      'libs/mail/src/threading/subject.ts',
    ]);
  });
});
