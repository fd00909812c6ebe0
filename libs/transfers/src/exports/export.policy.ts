export const EXPORT_STATES = ['queued', 'ready', 'failed', 'cancelled'] as const;
export type ExportState = (typeof EXPORT_STATES)[number];

/** How long a link leads to the file: five minutes. */
export const LINK_LIFE_MS = 300_000;
/** How long the file is kept. */
export const EXPORT_DAYS = 7;
