import { Invalid } from '@app/kernel';
import type { TimelinePoint } from '@app/platform';
import { z } from 'zod';

/** What a cursor must be of, to be understood. */
export type TimelineAsked = { readonly order: 'asc' | 'desc'; readonly kinds: readonly string[] };

const Position = z.tuple([z.enum(['asc', 'desc']), z.array(z.string()), z.iso.datetime(), z.string(), z.string()]);

class CursorRefused extends Invalid {
  constructor() {
    const fault = {
      pointer: 'query/cursor',
      code: 'invalid_cursor',
      message: 'is no cursor of this timeline with these kinds and this order',
    };
    super('invalid_query', 'The query is not valid', { errors: [fault] });
  }
}

/** Not signed: it only says where to go on in what its bearer may read anyway. */
export const writeCursor = ({ order, kinds }: TimelineAsked, { at, kind, id }: TimelinePoint): string =>
  Buffer.from(JSON.stringify([order, kinds, at.toISOString(), kind, id])).toString('base64url');

/** @throws Invalid for what is no cursor, or one of another question */
export function readCursor(text: string, asked: TimelineAsked): TimelinePoint {
  const parsed = Position.safeParse(unpacked(text));
  if (!parsed.success) throw new CursorRefused();
  const [order, kinds, at, kind, id] = parsed.data;
  if (order !== asked.order || kinds.join() !== asked.kinds.join() || /\0/.test(kind + id)) throw new CursorRefused();
  return { at: new Date(at), kind, id };
}

function unpacked(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
