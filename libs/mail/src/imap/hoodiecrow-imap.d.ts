/** The parts of it that the tests' server uses. */
declare module 'hoodiecrow-imap' {
  import type { Server, Socket } from 'node:net';

  export type Message = { uid: number; flags: string[]; raw: string; internaldate: string };
  export type Folder = { uidvalidity: number; uidnext: number; messages: Message[] };
  export type Connection = { socket: Socket | null; send(response: Response): void };
  /** As its compiler takes it; a tagged one ends a command. */
  export type Response = {
    tag: string;
    command?: string;
    attributes?: unknown[];
    /** Not to be sent. */
    skipResponse?: boolean;
  };
  export type Hoodiecrow = {
    readonly server: Server;
    readonly outputHandlers: ((connection: Connection, response: Response, description: string) => void)[];
    readonly connectionHandlers: ((connection: Connection) => void)[];
    listen(port: number, host: string, ready: () => void): void;
    close(done: () => void): void;
    getMailbox(path: string): Folder;
    appendMessage(path: string, flags: string[], at: Date, raw: string): { message: Message };
  };
  const start: (options: object) => Hoodiecrow;
  export default start;
}
