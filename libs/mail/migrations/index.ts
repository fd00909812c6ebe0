import { Mail1763700600000 } from './1763700600000-mail.js';

export const mailMigrations = [Mail1763700600000];
