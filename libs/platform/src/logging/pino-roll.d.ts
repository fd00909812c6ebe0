declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events';

  type RollOptions = {
    file: string;
    frequency: 'daily';
    dateFormat: string;
    size: string;
    mkdir: boolean;
    sync: boolean;
    minLength: number;
    periodicFlush: number;
    maxLength: number;
    limit: { count: number; removeOtherLogFiles: boolean };
  };

  /** A sonic-boom stream that moves on to a new file. */
  type RollingFile = EventEmitter & {
    readonly destroyed: boolean;
    write(line: string): boolean;
    flush(): void;
    flushSync(): void;
    end(): void;
  };

  export default function open(options: RollOptions): Promise<RollingFile>;
}
