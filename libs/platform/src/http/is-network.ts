import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isNetwork } from '../config/variable-types.js';

/** An address or a network: `203.0.113.7`, `2001:db8::/32`. */
export const IsNetwork = (options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isNetwork',
      validator: {
        validate: (value) => typeof value === 'string' && isNetwork(value),
        defaultMessage: () => 'must be an address or a network such as 203.0.113.0/24',
      },
    },
    options,
  );
