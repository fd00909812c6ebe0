import { Conflict, Forbidden, NotFound, RuleBroken } from '@app/kernel';

export class EntityUnknown extends RuleBroken {
  constructor(known: readonly string[]) {
    const message = `must be one of ${known.join(', ')}`;
    const errors = [{ pointer: '/entity', code: 'entity_unknown', message }];
    super('entity_unknown', `The entity ${message}`, { errors });
  }
}

export class PermissionMissing extends Forbidden {
  constructor(permission: string) {
    super('permission_missing', `This needs the permission ${permission}`, { permission });
  }
}

export class ExportNotReady extends Conflict {
  constructor(exportId: string, state: string) {
    super('export_not_ready', `The export is ${state}: there is no file`, { exportId, state });
  }
}

/** Forged, too old, or of what is gone: the three are never told apart. */
export class ExportLinkUnknown extends NotFound {
  constructor() {
    super('export_link_unknown', 'There is no such link, or its time is over');
  }
}
