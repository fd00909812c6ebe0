import { Responses1763700900000 } from './1763700900000-responses.js';

export const responsesMigrations = [Responses1763700900000];
