import { Notes1764002040000 } from './1764002040000-notes.js';
import { Tags1764002043000 } from './1764002043000-tags.js';
import { Files1764002044000 } from './1764002044000-files.js';
import { CustomFields1764002090000 } from './1764002090000-custom-fields.js';
import { SavedViews1764002090100 } from './1764002090100-saved-views.js';
import { FormulaFields1764002240100 } from './1764002240100-formula-fields.js';
import { InstantFields1764002240200 } from './1764002240200-instant-fields.js';

export const recordsMigrations = [
  Notes1764002040000,
  Tags1764002043000,
  Files1764002044000,
  CustomFields1764002090000,
  SavedViews1764002090100,
  FormulaFields1764002240100,
  InstantFields1764002240200,
];
