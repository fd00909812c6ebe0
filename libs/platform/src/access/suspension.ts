import { Locked } from '@app/kernel';
import { SetMetadata } from '@nestjs/common';

export const EVEN_SUSPENDED = 'nexus:even-suspended';

/** Nothing of the tenant changes for the time being; what there is can be read and exported. */
export class TenantSuspended extends Locked {
  constructor() {
    super('tenant_suspended', 'The tenant is suspended: it is read, and not changed');
  }
}

/** Opens a route that is no GET also in a suspended tenant: it changes nothing that is the tenant's, such as a search or a logout. */
export const EvenSuspended = (): MethodDecorator => SetMetadata(EVEN_SUSPENDED, true);
