import type { Actor } from '@app/kernel';
import { VISIBILITIES, type Visibility } from '@app/mail';

export { VISIBILITIES, type Visibility } from '@app/mail';

/** A message as far as it decides who reads it; `message_is_open` in the database says the same of its rows. */
export type Said = {
  readonly visibility: Visibility;
  readonly authorId: string | null;
  /** Who else may read it, by name. */
  readonly named: readonly string[];
  /** Who wrote, submitted and approved the answer that it is. */
  readonly writers: readonly string[];
  /** Of its inquiry, and of that which it was merged into. */
  readonly inquiries: readonly { readonly assignedTo: string | null; readonly teamId: string | null }[];
  /** Who watched its inquiry when it was kept from others. */
  readonly watchers: readonly string[];
};

type Reader = Pick<Actor, 'id' | 'kind' | 'reachedTeams'>;

/** Whether somebody who reads the inquiry may read what the message says. */
export function readsWords(reader: Reader, said: Said): boolean {
  if (said.visibility === 'all' || reader.kind === 'system') return true;
  const assignees = said.inquiries.map(({ assignedTo }) => assignedTo);
  if ([said.authorId, ...assignees, ...said.named, ...said.writers, ...said.watchers].includes(reader.id)) return true;
  return said.visibility === 'team' && said.inquiries.some(({ teamId }) => isReached(reader, teamId));
}

/** Fewer may read the one than the other. */
export const isNarrower = (one: Visibility, other: Visibility): boolean =>
  VISIBILITIES.indexOf(one) > VISIBILITIES.indexOf(other);

type Asked = { readonly visibility: Visibility; readonly assignedTo: string | null; readonly teamId: string | null };

/**
 * Whether what an inquiry repeats of its first message is shown by what stands in its row alone: to whoever has it, and to its
 * team. Who else takes part in that message reads it where its people are looked up.
 */
export const readsAsked = (reader: Reader, { visibility, assignedTo, teamId }: Asked): boolean =>
  readsWords(reader, {
    ...{ visibility, authorId: null, named: [], writers: [], watchers: [] },
    inquiries: [{ assignedTo, teamId }],
  });

const isReached = ({ reachedTeams }: Reader, teamId: string | null): boolean =>
  teamId !== null && reachedTeams.includes(teamId);
