import { type FieldHost, FieldHostPort, type GuardedRecords, GuardedRecordsPort, Ports } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { FieldKindUnknown } from './custom-field.errors.js';

/** The kinds of records that fields stand on, and those that a relation leads to. */
@Injectable()
export class FieldHosts {
  constructor(private readonly ports: Ports) {}

  /** @throws FieldKindUnknown */
  hostOf(kind: string): FieldHost {
    const hosts = this.ports.all(FieldHostPort);
    const host = hosts.find(({ records }) => records.kind === kind);
    if (!host) throw new FieldKindUnknown(hosts.map(({ records }) => records.kind));
    return host;
  }

  tableOf(kind: string): string {
    return this.hostOf(kind).records.from.split(' ', 1).join();
  }

  /** @throws FieldKindUnknown */
  targetOf(kind: string): GuardedRecords {
    const all = this.ports.all(GuardedRecordsPort);
    const target = all.find((records) => records.kind === kind);
    if (!target)
      throw new FieldKindUnknown(
        all.map((records) => records.kind),
        '/targetKind',
      );
    return target;
  }
}
