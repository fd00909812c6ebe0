import { customersContexts } from '@app/customers/testing';
import { transfersContext } from './index.js';

/** transfers with customers, who opt in to it. */
export const transfersContexts = [...customersContexts, transfersContext];
