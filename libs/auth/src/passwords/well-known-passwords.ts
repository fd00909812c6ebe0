import { lazily } from '@app/kernel';
import type * as Common from '@zxcvbn-ts/language-common';

/** What is tried first, the most common first, in lower case. */
export const wellKnownPasswords: () => ReadonlySet<string> = lazily(import.meta.url, (load) => {
  const { dictionary } = load('@zxcvbn-ts/language-common') as typeof Common;
  return new Set(dictionary['passwords-common']);
});
