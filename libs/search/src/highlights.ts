/** What is marked: these words, the last one also as a beginning, and numbers that end in these digits. */
export type Sought = { readonly words: readonly string[]; readonly last: string; readonly digits: string };

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const ASCII = /^[a-z0-9]+$/i;
const FEWEST_DIGITS = 5;
/** Around the first word that was found in a longer text. */
const BEFORE = 60;
const AFTER = 160;

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};
/** Letters that have no accent to lose, and are written without. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' },
};

export function soughtBy(q: string): Sought {
  const words = [...q.matchAll(WORD)].map(([word]) => plain(word));
  const digits = q.replace(/\D/g, '').replace(/^0+/, '');
  return { words, last: words.at(-1) ?? '', digits: digits.length < FEWEST_DIGITS ? '' : digits };
}

/** The text as HTML, with everything in it escaped and what was sought marked. */
export function marked(text: string, sought: Sought): string {
  let html = '';
  let end = 0;
  for (const { index, 0: word } of text.matchAll(WORD)) {
    if (!isSought(word, sought)) continue;
    html += `${escaped(text.slice(end, index))}<mark>${escaped(word)}</mark>`;
    end = index + word.length;
  }
  return html + escaped(text.slice(end));
}

/** A piece of a longer text around the first word that was sought, marked; null when there is none. */
export function excerpt(text: string, sought: Sought): string | null {
  const first = firstOf(text, sought);
  if (!first) return null;
  const from = first.index <= BEFORE ? 0 : wordAfter(text, first.index - BEFORE, first.index);
  const to = Math.min(text.length, first.index + first[0].length + AFTER);
  const piece = text.slice(from, to).toWellFormed();
  return `${from > 0 ? '… ' : ''}${marked(piece, sought)}${to < text.length ? ' …' : ''}`;
}

function firstOf(text: string, sought: Sought): RegExpExecArray | undefined {
  for (const match of text.matchAll(WORD)) if (isSought(match[0], sought)) return match;
  return undefined;
}

function isSought(word: string, { words, last, digits }: Sought): boolean {
  const written = plain(word);
  if (words.includes(written) || (last.length > 1 && written.startsWith(last))) return true;
  return digits !== '' && written.endsWith(digits);
}

function plain(word: string): string {
  if (ASCII.test(word)) return word.toLowerCase();
  const letters = word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return letters.replace(/[ßæœøłđðþı]/g, (letter) => PLAIN[letter] ?? letter);
}

/** Where the next word begins, or the second place when none does before. */
function wordAfter(text: string, at: number, before: number): number {
  const blank = text.slice(at, before).search(/\s\S/);
  return blank < 0 ? before : at + blank + 1;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
