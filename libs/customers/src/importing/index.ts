import { CustomerMatches } from './customer-matches.js';
import { CustomerNewcomers } from './customer-newcomers.js';
import { CustomerUndoing } from './customer-undoing.js';
import { CustomerWriter } from './customer-writer.js';
import { CustomersImportable } from './customers.importable.js';

export const IMPORTING = [CustomerMatches, CustomerNewcomers, CustomersImportable, CustomerUndoing, CustomerWriter];
