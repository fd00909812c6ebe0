import { ApprovalPermissions } from '@app/approvals';
import { InquiriesFacade } from '@app/inquiries';
import { type Actor, anyOf, Clock, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import {
  currentActor,
  currentTenantId,
  Database,
  type GuardedRecords,
  GuardedRecordsPort,
  Provides,
  RecordNotFound,
  VersionConflict,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Response } from './response.entity.js';
import { RevisionRequired } from './response.errors.js';
import { ResponsePermissions } from './response.policy.js';

/** What the caller saw: the revision of the text, or the version of the whole record (If-Match). */
export type Seen = { readonly revision?: number | null; readonly version?: number };

export type Verb = (response: Response, now: Date, by: string) => unknown;

const { read, update, submit, discard, send } = ResponsePermissions;

/** Of each response there is, as a list does, or of one at a time. */
type Asked = 'each' | 'one';

/** The steps of those who wrote a response and decided on it. */
const BY_HAND = `('drafted', 'edited', 'submitted', 'approved', 'rejected')`;

/** Loads a response within the caller's reach, holds it, and writes what its verb decided together with its history. */
@Injectable()
@Provides(GuardedRecordsPort)
export class ResponseRecords implements GuardedRecords {
  readonly kind = 'responses';
  readonly namedBy = 'responseId';
  readonly read = read;
  readonly reaching = [read, update];
  readonly boundBy = { [submit.name]: update, [discard.name]: update, [send.name]: read };
  readonly isReadFirst = false;
  readonly from = 'responses r';
  readonly id = 'r.id';
  readonly isPresent = 'true';

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly inquiries: InquiriesFacade,
  ) {}

  /** The row is held from here to the end of the transaction: of two who act at once, the second sees what the first did. */
  change(id: string, seen: Seen, permission: Permission, verb: Verb): Promise<Response> {
    return this.db.transaction(async () => {
      const actor = currentActor();
      await this.assertWithin(actor, permission, id); // before it is held, so that nobody waits for this
      const response = await this.db.lock(Response, id);
      if (seen.version !== undefined && seen.version !== response.version) {
        throw new VersionConflict('response', id, seen.version, response.version);
      }
      response.assertSeen(seen.revision ?? undefined);
      await verb(response, this.clock.now(), actor.id);
      return this.save(response);
    });
  }

  /** For what must not be done to a text that the caller did not see. @throws RevisionRequired */
  async changeSeen(id: string, seen: Seen, permission: Permission, verb: Verb): Promise<Response> {
    if (seen.revision == null && seen.version === undefined) throw new RevisionRequired();
    return this.change(id, seen, permission, verb);
  }

  /** For what follows from time and events, where nobody asks and nobody is refused: a response that is gone is left. */
  follow(id: string, verb: Verb): Promise<void> {
    return this.db.transaction(async () => {
      const response = await this.db.lock(Response, id).catch(unlessGone);
      if (!response) return;
      await verb(response, this.clock.now(), currentActor().id);
      await this.save(response);
    });
  }

  create(response: Response): Promise<Response> {
    return this.db.transaction(async () => {
      await this.db.create(response);
      await this.writeSteps(response);
      return response;
    });
  }

  /** SQL for "this response is within the actor's reach", over `alias`, the responses' name in the statement. */
  reach(alias: string, actor: Actor, permission: Permission, params: unknown[]): string {
    return anyOf(this.waysOver(alias, actor, permission, params, 'each'));
  }

  ways(actor: Actor, permission: Permission, params: unknown[]): readonly Way[] {
    return this.waysOver('r', actor, permission, params, 'each');
  }

  private waysOver(
    alias: string,
    actor: Actor,
    permission: Permission,
    params: unknown[],
    asked: Asked,
  ): readonly Way[] {
    const scope = actor.reach(permission);
    if (!scope) return [];
    if (actor.kind === 'system') return EVERY_RECORD;
    const shown = this.shown(alias, actor, params, asked);
    const [everyRecord] = EVERY_RECORD;
    if (scope === 'all') return everyRecord ? [{ ...everyRecord, sql: shown }] : [];
    const reached = this.inquiries.reach(`${alias}.inquiry_id`, actor, permission, params);
    return [writtenBy(actor, alias, params), { name: 'its_inquiry_within_reach', sql: `${reached} and ${shown}` }];
  }

  /**
   * SQL: what a response says is for the actor. What left for the customer is said with that message; what has not would say
   * what it answers. Whoever had a hand in it reads it, and whoever may decide on it as long as it waits for that.
   */
  shown(alias: string, actor: Actor, params: unknown[], asked: Asked): string {
    if (actor.kind === 'system') return 'true';
    const me = `$${params.push(actor.id)}::uuid`;
    const decides = this.inquiries.reach(`${alias}.inquiry_id`, actor, ApprovalPermissions.decide, params);
    const inquiryId = `${alias}.inquiry_id`;
    const whole =
      asked === 'each'
        ? this.inquiries.conversationShown(inquiryId, actor, params)
        : this.inquiries.conversationOpen(inquiryId, actor, params);
    const left = this.inquiries.answerShown(`${alias}.id`, actor, params);
    const said = `coalesce(case when ${alias}.status = 'sent' then ${left} end, ${whole})`;
    const mine = `${alias}.responded_by = ${me} or (${alias}.status = 'pending_approval' and ${decides})`;
    const byHand = `exists (select 1 from response_steps s where s.tenant_id = ${alias}.tenant_id
      and s.response_id = ${alias}.id and s.actor_id = ${me} and s.kind in ${BY_HAND})`;
    // PostgreSQL asks in this order: of all rows a hashed condition first, of one what the row itself tells
    return `(${(asked === 'each' ? [said, mine, byHand] : [mine, said, byHand]).join(' or ')})`;
  }

  /** Who wrote it, submitted it and decided on it. */
  async handsIn(id: string): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      `select distinct actor_id as id from response_steps where tenant_id = $1 and response_id = $2 and kind in ${BY_HAND}`,
      [currentTenantId(), id],
    );
    return rows.map((row) => row.id);
  }

  private async assertWithin(actor: Actor, permission: Permission, id: string): Promise<void> {
    const params: unknown[] = [currentTenantId(), id];
    // who wrote it and may not do this is told so by the use case
    const may = actor.can(permission);
    const ways = may ? this.waysOver('r', actor, permission, params, 'one') : [writtenBy(actor, 'r', params)];
    if (ways === EVERY_RECORD) return;
    const found = await this.db.one(
      `select 1 from responses r where r.tenant_id = $1 and r.id = $2 and ${anyOf(ways)}`,
      params,
    );
    if (!found) throw new RecordNotFound('response', id);
  }

  private async save(response: Response): Promise<Response> {
    await this.db.save(response);
    await this.writeSteps(response);
    return response;
  }

  private async writeSteps(response: Response): Promise<void> {
    const steps = response.releaseSteps();
    if (!steps.length) return;
    await this.db.query(
      `insert into response_steps (tenant_id, id, response_id, customer_id, kind, revision, actor_id, at, notes)
       select $1, s.id, $2, $3, s.kind, s.revision, s."actorId", s.at, s.notes
       from jsonb_to_recordset($4::jsonb) s(id uuid, kind text, revision int, "actorId" uuid, at timestamptz, notes text)`,
      [response.tenantId, response.id, response.customerId, JSON.stringify(steps)],
    );
  }
}

function unlessGone(error: unknown): undefined {
  if (error instanceof RecordNotFound) return undefined;
  throw error;
}

const writtenBy = (actor: Actor, alias: string, params: unknown[]): Way => ({
  name: 'written_by_me',
  sql: `${alias}.responded_by = $${params.push(actor.id)}::uuid`,
});
