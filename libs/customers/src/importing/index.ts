import { CustomerMatches } from './customer-matches.js';
import { CustomerNewcomers } from './customer-newcomers.js';
import { CustomerUndoing } from './customer-undoing.js';
import { CustomerWriter } from './customer-writer.js';
import { CustomerSurroundings } from './customer-surroundings.js';
import { CustomersImportable } from './customers.importable.js';

export const IMPORTING = [
  CustomerMatches,
  CustomerNewcomers,
  CustomerSurroundings,
  CustomersImportable,
  CustomerUndoing,
  CustomerWriter,
];
