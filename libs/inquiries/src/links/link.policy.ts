/** `caused_by` and `follow_up` point from the later one to the earlier; the others are the same from both sides. */
export const LINK_KINDS = ['related', 'duplicate', 'follow_up', 'caused_by'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** Beside what people say, what is known: a split, and a follow-up that began by itself. */
export const SHOWN_KINDS = [...LINK_KINDS, 'split_from'] as const;
export type ShownKind = (typeof SHOWN_KINDS)[number];

export const LINK_TARGETS = ['inquiry', 'customer'] as const;
export type LinkTarget = (typeof LINK_TARGETS)[number];

export const LINK_DIRECTIONS = ['to', 'from'] as const;
export type LinkDirection = (typeof LINK_DIRECTIONS)[number];
