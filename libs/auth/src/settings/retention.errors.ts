import { type FieldFault, Invalid } from '@app/kernel';

export class RetentionRefused extends Invalid {
  constructor(errors: FieldFault[]) {
    super('retention_refused', 'Nothing is kept for that long here', { errors });
  }
}
