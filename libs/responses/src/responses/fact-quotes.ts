const QUOTE = /\{\{\s*([^{}\s]{1,100})\s*\}\}/g;

/** The facts that a text quotes, each once, in their order. */
export const quotesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(QUOTE)].map(([, name = '']) => name)),
];

/** The text as people read it. What a fact says is not read for quotes again. */
export const withQuotes = (text: string, textOf: (name: string) => string): string =>
  text.replace(QUOTE, (_, name: string) => textOf(name));

/** A fact that is not what a text says any more. `is` null: there is no such thing now. */
export type StaleFact = { readonly name: string; readonly was: string; readonly is: string | null };
