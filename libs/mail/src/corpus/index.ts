import type { CorpusMail } from './build.js';
import { CHARSETS } from './charsets.js';
import { HEADERS } from './headers.js';
import { HOSTILE } from './hostile.js';
import { MACHINES } from './machines.js';
import { REPLIES } from './replies.js';
import { STRUCTURE } from './structure.js';

export * from './build.js';

/** Malformed, hostile and foreign mails, made here, each with what is to come of it. */
export const CORPUS: readonly CorpusMail[] = [
  ...CHARSETS,
  ...HEADERS,
  ...STRUCTURE,
  ...HOSTILE,
  ...MACHINES,
  ...REPLIES,
];
