import { definePermissions } from '@app/kernel';

export const ExchangeRatePermissions = definePermissions('exchange-rates', {
  read: 'See by which rates reports convert',
  manage: 'Say by which rates reports convert',
});
