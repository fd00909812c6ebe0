import { type Actor, anyOf, type Permission } from '@app/kernel';
import { currentActor, Database, Ports, RecordNotFound, type RecordType, RecordTypePort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { RecordKindUnknown, RecordOutOfReach } from './host.errors.js';

/** A record of any kind that something hangs on. */
export type Host = { readonly recordKind: string; readonly recordId: string };

/** The records that things hang on, whose permissions are also those of what hangs there. */
@Injectable()
export class Hosts {
  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  get types(): readonly RecordType[] {
    return this.ports.all(RecordTypePort);
  }

  /** SQL that holds where the host of `h`, a row with `record_kind` and `record_id`, may be read. Values go into `params`. */
  readable(h: string, actor: Actor, params: unknown[]): string {
    const ways = this.types.map((type) => {
      const { kind, from, id } = type.records;
      return `${h}.record_kind = '${kind}' and exists (select 1 from ${from} where ${id} = ${h}.record_id and ${this.reached(type, actor, type.records.read, params)})`;
    });
    return ways.length ? `(${ways.map((way) => `(${way})`).join(' or ')})` : 'false';
  }

  /** SQL over the records of a kind: it is there, and within reach. */
  reached({ records }: RecordType, actor: Actor, permission: Permission, params: unknown[]): string {
    return `${records.isPresent} and ${anyOf(records.ways(actor, permission, params))}`;
  }

  /**
   * In the open transaction: whoever acts may hang something on it, and it stays until the transaction ends. Who may not
   * read it is told that there is no such record.
   * @throws RecordKindUnknown, RecordNotFound, RecordOutOfReach
   */
  async assertChangeable({ recordKind, recordId }: Host): Promise<void> {
    const type = this.typeOf(recordKind);
    const { from, id, read } = type.records;
    const [actor, params]: [Actor, unknown[]] = [currentActor(), [recordId]];
    const found = await this.db.one<{ isChangeable: boolean }>(
      `select ${this.reached(type, actor, type.change, params)} as "isChangeable" from ${from}
       where ${id} = $1 and ${this.reached(type, actor, read, params)} for key share`,
      params,
    );
    if (!found) throw new RecordNotFound(type.name, recordId);
    if (!found.isChangeable) throw new RecordOutOfReach(type.change);
  }

  /** What a mail calls it; undefined when it is gone. */
  async labelOf({ recordKind, recordId }: Host): Promise<string | undefined> {
    const { label, records } = this.typeOf(recordKind);
    const row = await this.db.one<{ label: string }>(
      `select ${label} as label from ${records.from} where ${records.id} = $1 and ${records.isPresent}`,
      [recordId],
    );
    return row?.label;
  }

  private typeOf(kind: string): RecordType {
    const type = this.types.find(({ records }) => records.kind === kind);
    if (!type) throw new RecordKindUnknown(this.types.map(({ records }) => records.kind));
    return type;
  }
}
