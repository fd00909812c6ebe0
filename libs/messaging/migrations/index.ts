import { Messaging1763700050000 } from './1763700050000-messaging.js';
import { AutoReplies1764001410000 } from './1764001410000-auto-replies.js';

export const messagingMigrations = [Messaging1763700050000, AutoReplies1764001410000];
