/** Bounds that keep the cost of one mail linear and below two seconds. Sizes are bytes unless the name says otherwise. */
export type MailLimits = {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxParts: number;
  readonly maxHeaders: number;
  readonly maxHeaderBytes: number;
  readonly maxFieldBytes: number;
  readonly maxLines: number;
  readonly maxBodyCharacters: number;
};

/**
 * The parser pays for every line (4 to 10 µs), fifty times for every nested address group, and quadratically for one
 * header of encoded words, hence limits on all three. Lines of base64 bodies are joined first and do not count.
 */
export const MAIL_LIMITS: MailLimits = {
  maxBytes: 25 * 1024 * 1024,
  maxDepth: 20,
  maxParts: 1_000,
  maxHeaders: 2_000,
  maxHeaderBytes: 256 * 1024,
  maxFieldBytes: 64 * 1024,
  maxLines: 100_000,
  maxBodyCharacters: 1_000_000,
};
