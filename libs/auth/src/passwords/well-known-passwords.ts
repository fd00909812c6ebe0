import { createRequire } from 'node:module';
import type { dictionary } from '@zxcvbn-ts/language-common';

let known: ReadonlySet<string> | undefined;

/** What is tried first, in lower case. Unpacked by who asks first: most processes never do, and it takes 5 MiB. */
export function wellKnownPasswords(): ReadonlySet<string> {
  if (!known) {
    const load = createRequire(import.meta.url);
    const list = load('@zxcvbn-ts/language-common') as { dictionary: typeof dictionary };
    known = new Set(list.dictionary['passwords-common']);
  }
  return known;
}
