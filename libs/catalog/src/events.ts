import { defineEvent } from '@app/kernel';

type OfProduct = { productId: string };

export const ProductCreated = defineEvent<OfProduct & { kind: string; sku: string }>(
  'catalog.product-created',
  'Something new is sold.',
);
export const ProductUpdated = defineEvent<OfProduct & { changed: string[] }>(
  'catalog.product-updated',
  'Fields of what is sold changed; `changed` names them.',
);
export const ProductRemoved = defineEvent<OfProduct>(
  'catalog.product-removed',
  'Something was never sold, and is gone.',
);
export const ProductPriced = defineEvent<OfProduct & { currency: string; amount: number; validFrom: string }>(
  'catalog.product-priced',
  'A price holds from a day on.',
);
