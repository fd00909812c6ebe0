import { isZone } from '@app/kernel';
import { ValidateBy } from 'class-validator';

/** The name of a time zone: see `isZone`. */
export const IsZone = (): PropertyDecorator =>
  ValidateBy({
    name: 'isZone',
    validator: {
      validate: (value) => typeof value === 'string' && isZone(value),
      defaultMessage: () => 'must be the name of a time zone such as Europe/Berlin',
    },
  });
