import type { FieldRules } from '@app/kernel';
import type { Credential } from './credential.js';
import type { Restriction } from './restriction.js';

/** What a credential says of itself once its signature or form is known to be good. */
export type Ticket = {
  readonly kind: 'session' | 'service';
  readonly tenantId: string;
  /** Of the session or the service token; its standing is cached under it. */
  readonly id: string;
  /** Whom the rate limit counts. */
  readonly subject: string;
  /** Until when a socket may live on it; absent where its standing alone says so. */
  readonly expiresAt?: Date;
};

/** Where the holder of a ticket stands now: kept in PostgreSQL, cached in Redis under the ticket's id. */
export type Standing = {
  readonly actorId: string;
  readonly name: string;
  readonly grants: readonly string[];
  readonly teams: readonly string[];
  /** These and those below the ones they lead; absent: no others. */
  readonly reachedTeams?: readonly string[];
  /** While set, only routes that say so are open. */
  readonly restriction: Restriction | null;
  /** When whoever holds it last showed that it is them, ISO 8601; absent or null where that was never, or no person. */
  readonly provenAt?: string | null;
  /** Whether nothing of the tenant may be changed for the time being. */
  readonly isHeld?: boolean;
  /** Addresses and networks from which alone it opens anything; absent or none: from anywhere. */
  readonly allowedFrom?: readonly string[];
  /** The fields that its roles keep from it; absent where they keep none. */
  readonly fieldRules?: FieldRules;
  /** Who really acts, where it is somebody who sees the system as the actor. */
  readonly impersonatorId?: string | null;
};

/** Provided by the context that knows the users. */
export abstract class Authenticator {
  /** Checks the credential itself; of one that was seen before, at once. @throws BadCredential */
  abstract read(credential: Credential): Ticket | Promise<Ticket>;
  /** The truth, from PostgreSQL; undefined when the session has ended or its user may not come in. */
  abstract stand(ticket: Ticket): Promise<Standing | undefined>;
}
