import { Notes1764002040000 } from './1764002040000-notes.js';

export const recordsMigrations = [Notes1764002040000];
