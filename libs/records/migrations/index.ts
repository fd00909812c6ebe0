import { Notes1764002040000 } from './1764002040000-notes.js';
import { Tags1764002043000 } from './1764002043000-tags.js';
import { Files1764002044000 } from './1764002044000-files.js';

export const recordsMigrations = [Notes1764002040000, Tags1764002043000, Files1764002044000];
