import { Inquiries1763700700000 } from './1763700700000-inquiries.js';

export const inquiriesMigrations = [Inquiries1763700700000];
