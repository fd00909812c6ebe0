import { currentActor, type Importable, ImportablePort, type ImportMode, Ports } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { EntityUnknown, PermissionMissing } from './import.errors.js';

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

  /** Of what is taken back, the new go into the trash and the others are changed. @throws PermissionMissing */
  assertMayUndo({ updates, deletes }: Importable): void {
    const missing = [updates, deletes].find((permission) => !currentActor().can(permission));
    if (missing) throw new PermissionMissing(missing.name);
  }
}
