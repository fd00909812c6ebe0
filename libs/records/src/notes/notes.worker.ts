import { AuthFacade } from '@app/auth';
import type { PayloadOf } from '@app/kernel';
import { On } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { NoteEdited, NoteWritten } from '../events.js';
import { Hosts } from '../hosts/hosts.js';
import { Notices } from '../noticing/notices.js';

@Injectable()
export class NotesWorker {
  constructor(
    private readonly auth: AuthFacade,
    private readonly hosts: Hosts,
    private readonly notices: Notices,
  ) {}

  @On(NoteWritten)
  async tellMentioned({ mentions, authorId, ...host }: PayloadOf<typeof NoteWritten>): Promise<void> {
    const people = await this.notices.peopleCalled(mentions, authorId);
    const where = people.length ? await this.hosts.labelOf(host) : undefined;
    if (!where) return;
    const [author] = await this.auth.usersByIds([authorId]);
    await this.notices.tellMentioned(people, author?.name ?? null, where);
  }

  @On(NoteEdited)
  tellMentionedNow(edited: PayloadOf<typeof NoteEdited>): Promise<void> {
    return this.tellMentioned(edited);
  }
}
