// A name begins where no word does, so that an e-mail address mentions nobody; the dot or dash at its end is the sentence's.
const MENTION = /(?<![\w@.-])@([a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?)/gi;
const MOST_MENTIONED = 20;

/** The usernames that a note mentions (`@clara`), in lower case, each once; none when it calls more than 20. */
export function mentionsIn(body: string): string[] {
  const names = new Set([...body.matchAll(MENTION)].map(([, name = '']) => name.toLowerCase()));
  return names.size > MOST_MENTIONED ? [] : [...names];
}
