import { InquiriesFacade } from '@app/inquiries';
import { type Actor, Clock, type Permission } from '@app/kernel';
import { currentActor, currentTenantId, Database, RecordNotFound, VersionConflict } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Response } from './response.entity.js';
import { RevisionRequired } from './response.errors.js';

/** What the caller saw: the revision of the text, or the version of the whole record (If-Match). */
export type Seen = { readonly revision?: number | null; readonly version?: number };

export type Verb = (response: Response, now: Date, by: string) => unknown;

/** Loads a response within the caller's reach, holds it, and writes what its verb decided together with its history. */
@Injectable()
export class ResponseRecords {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly inquiries: InquiriesFacade,
  ) {}

  /** The row is held from here to the end of the transaction: of two who act at once, the second sees what the first did. */
  change(id: string, seen: Seen, permission: Permission, verb: Verb): Promise<Response> {
    return this.db.transaction(async () => {
      const actor = currentActor();
      const response = await this.db.lock(Response, id);
      await this.assertWithin(actor, permission, response);
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
    if (actor.reach(permission) === 'all') return 'true';
    const mine = `${alias}.responded_by = $${params.push(actor.id)}::uuid`;
    return `(${mine} or ${this.inquiries.reach(`${alias}.inquiry_id`, actor, permission, params)})`;
  }

  private async assertWithin(actor: Actor, permission: Permission, { id }: Response): Promise<void> {
    const params: unknown[] = [currentTenantId(), id];
    const predicate = this.reach('r', actor, permission, params);
    if (predicate === 'true') return;
    const found = await this.db.one(
      `select 1 from responses r where r.tenant_id = $1 and r.id = $2 and ${predicate}`,
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
