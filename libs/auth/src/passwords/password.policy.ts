import { Invalid } from '@app/kernel';
import { wellKnownPasswords } from './well-known-passwords.js';

const SHORTEST = 8;
const LONGEST = 128;

export class PasswordRefused extends Invalid {
  constructor(code: string, message: string, pointer: string) {
    super(code, `The password ${message}`, { errors: [{ pointer, code, message }] });
  }
}

/** Known to have leaked somewhere: whoever tries what leaked comes to it. */
export class PasswordLeaked extends PasswordRefused {
  constructor(pointer = '/password') {
    super('password_leaked', 'is in a list of leaked ones', pointer);
  }
}

/** Whose password it is: their own names are the first that is tried. */
export type Owner = { readonly email?: string | null; readonly username?: string | null };

const LEET: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};
const LEET_L: Readonly<Record<string, string>> = { ...LEET, '1': 'l' };

const WALKS = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'zaq12wsxcde34rfvbgt56yhnmju78ik',
  'qazwsxedcrfvtgbyhnujmikolp',
  'qweasdzxc',
  'qweasdzxcrtyfghvbn',
  'asdfqwer',
  'qwaszx',
  'wasdwasd',
  '147258369',
  '789456123',
  '741852963',
  '159357456',
  '123654789',
  'a1b2c3d4e5f6g7h8',
  '1123581321',
  '31415926535897932384626433',
  '!@#$%^&*()_+',
  '!qaz@wsx#edc$rfv',
].flatMap((walk) => [walk, [...walk].reverse().join('')]);

/** The length of the walk over the keyboard or the alphabet that starts here. */
function walkAt(text: string, start: number): number {
  let longest = 0;
  for (let end = start + 3; end <= text.length && WALKS.some((walk) => walk.includes(text.slice(start, end))); end++)
    longest = end - start;
  return longest;
}

const repeatAt = (text: string, start: number): number => /^(.)\1*/s.exec(text.slice(start))?.[0].length ?? 0;

/** Nothing but walks and repeated characters: `qwerty123`, `aaaa1111`, `1q2w3e4r`. */
function isWalked(text: string): boolean {
  for (let at = 0; at < text.length;) {
    const repeat = repeatAt(text, at);
    const step = Math.max(walkAt(text, at), repeat >= 2 ? repeat : 0);
    if (!step) return false;
    at += step;
  }
  return true;
}

const unleet = (text: string, map: Readonly<Record<string, string>>): string =>
  [...text].map((letter) => map[letter] ?? letter).join('');

/** A well-known word alone, backwards, doubled, or with digits before or after: `sunshine1`, `2008football`, `passw0rd12`, `hellohello`. */
function isDressedWord(text: string): boolean {
  const [, core = ''] = /^\d{0,4}(.*?)\d{0,6}$/s.exec(text) ?? [];
  const backwards = [...text].reverse().join('');
  const forms = [text, core, backwards, ...[text, core].flatMap((form) => [unleet(form, LEET), unleet(form, LEET_L)])];
  const peeled = [...(/\d{1,4}$/.exec(text)?.[0] ?? '')].map((_, digits) => text.slice(0, -1 - digits));
  const bare = forms.map((form) => /^(.+?)\1*$/s.exec(form)?.[1] ?? form);
  return [...forms, ...peeled, ...bare, ...forms.map((form) => form.replace(/\d+$/, ''))].some((form) =>
    wellKnownPasswords().has(form),
  );
}

/**
 * Whether it is among the first that anybody would try: one of 49,000 leaked ones, dressed up or not, a walk over the
 * keyboard, a date. It is no look-up of all that ever leaked.
 */
export function isCommon(password: string): boolean {
  const text = password.toLowerCase();
  return (
    /^\d{1,10}$/.test(text) ||
    /^(.{1,6})\1+.?$/s.test(text) ||
    isWalked(text) ||
    isWalked(text.replace(/(?<=.{5})\d{1,4}$/s, '')) ||
    isDressedWord(text)
  );
}

/** Length in characters, no rules of composition (NIST SP 800-63B, 3.1.1.2). @throws PasswordRefused */
export function assertAcceptable(password: string, owner: Owner, pointer = '/password'): void {
  const length = [...password].length;
  if (length < SHORTEST)
    throw new PasswordRefused('password_too_short', `must have at least ${SHORTEST} characters`, pointer);
  if (length > LONGEST)
    throw new PasswordRefused('password_too_long', `must have at most ${LONGEST} characters`, pointer);
  if (isCommon(password))
    throw new PasswordRefused('password_too_common', 'is one of the first that anybody would try', pointer);
  const own = [owner.email, owner.email?.split('@')[0], owner.username].filter((name) => name && name.length >= 4);
  if (own.some((name) => password.toLowerCase().replace(/\d+$/, '') === name)) {
    throw new PasswordRefused('password_too_common', 'is your own name', pointer);
  }
}
