import { Conflict, Invalid } from '@app/kernel';

export class SlugTaken extends Conflict {
  constructor(slug: string) {
    super('tenant_slug_taken', `There is a tenant ${slug} already`);
  }
}

export class SlugInvalid extends Invalid {
  constructor() {
    super('tenant_slug_invalid', "A tenant's slug has 1 to 63 lower-case letters, digits and dashes");
  }
}
