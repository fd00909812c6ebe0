import { type Actor, anyOf } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Database, RecordNotFound } from '../database/index.js';
import { GuardedRecordsPort, Ports } from '../ports/index.js';
import { RecordKindUnknown } from './live.errors.js';

/** Asks of a record of any kind what its context's own lists ask. */
@Injectable()
export class ReadableRecords {
  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  /** @throws RecordKindUnknown; RecordNotFound when it is not there or not the actor's to read */
  async assert(kind: string, id: string, actor: Actor): Promise<void> {
    if (!(await this.has(kind, id, actor))) throw new RecordNotFound(kind, id);
  }

  /** @throws RecordKindUnknown */
  async has(kind: string, id: string, actor: Actor): Promise<boolean> {
    const known = this.ports.all(GuardedRecordsPort);
    const records = known.find((one) => one.kind === kind);
    if (!records) throw new RecordKindUnknown(known.map((one) => one.kind).sort());
    const params: unknown[] = [id];
    const readable = anyOf(records.ways(actor, records.read, params));
    const text = `select 1 from ${records.from} where ${records.id} = $1::uuid and ${records.isPresent} and ${readable}`;
    return (await this.db.one(text, params)) !== undefined;
  }
}
