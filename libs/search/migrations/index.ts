import { SearchDoors1764002085000 } from './1764002085000-search-doors.js';

export const searchMigrations = [SearchDoors1764002085000];
