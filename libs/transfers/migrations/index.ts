import { Transfers1764002100000 } from './1764002100000-transfers.js';

export const transfersMigrations = [Transfers1764002100000];
