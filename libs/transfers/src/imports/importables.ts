import type { FieldFault } from '@app/kernel';
import {
  currentActor,
  FieldForbidden,
  type Importable,
  ImportablePort,
  type ImportField,
  type ImportMode,
  Ports,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { EntityUnknown, PermissionMissing } from './import.errors.js';
import type { Mapping } from './mapping.js';

/** What the loaded contexts let be imported, and whether who acts may. */
@Injectable()
export class Importables {
  constructor(private readonly ports: Ports) {}

  /** @throws EntityUnknown */
  named(entity: string): Importable {
    const known = this.ports.all(ImportablePort);
    const found = known.find(({ kind }) => kind === entity);
    if (!found) throw new EntityUnknown(known.map(({ kind }) => kind).sort());
    return found;
  }

  /** @throws PermissionMissing */
  assertMay({ creates, updates }: Importable, mode: ImportMode): void {
    const needed = { create: [creates], update: [updates], upsert: [creates, updates] }[mode];
    const missing = needed.find((permission) => !currentActor().can(permission));
    if (missing) throw new PermissionMissing(missing.name);
  }

  /**
   * What the columns of a file may be read as by who acts, now.
   * @throws FieldForbidden where the mapping writes, or finds records by, what their roles keep from them
   */
  async fieldsFor(importable: Importable, { columns }: Mapping): Promise<readonly ImportField[]> {
    const fixed = currentActor().fieldRights?.fixedOf(importable.kind);
    const named = fixed ? columns.flatMap(({ field }, at) => (fixed.has(field) ? [[field, at] as const] : [])) : [];
    if (named.length) throw new FieldForbidden(named.map(([field, at]) => faultAt(`/columns/${at}/field`, field)));
    return importable.fields();
  }

  /** Of what is taken back, the new go into the trash and the others are changed. @throws PermissionMissing */
  assertMayUndo({ updates, deletes }: Importable): void {
    const missing = [updates, deletes].find((permission) => !currentActor().can(permission));
    if (missing) throw new PermissionMissing(missing.name);
  }
}

const faultAt = (pointer: string, field: string): FieldFault => ({
  pointer,
  code: 'field_forbidden',
  message: `${field} is not yours to write`,
});
