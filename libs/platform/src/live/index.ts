export { LiveGateway } from './live.gateway.js';
export { LiveChannel } from './live-channel.js';
export { LiveHints } from './live-hints.js';
export { LivePeople } from './live-people.js';
export { LiveSockets } from './live-sockets.js';
export { type Presence, PresenceBook } from './presence.js';
export { ReadableRecords } from './readable-records.js';
