import { definePort } from './port.js';

/** What a context keeps of a tenant outside the database, and what it has to say when the tenant is deleted for good. */
export interface Departure {
  /** As the tenant's system actor, before its rows go; again after a crash, so it must be safe to run twice. */
  leave(): Promise<void>;
}

export const DeparturePort = definePort<Departure>('departure');
