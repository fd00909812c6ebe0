import { Messaging1763700050000 } from './1763700050000-messaging.js';

export const messagingMigrations = [Messaging1763700050000];
