import { Segments1764002140000 } from './1764002140000-segments.js';

export const segmentsMigrations = [Segments1764002140000];
