import { AuthFacade, type UserCard } from '@app/auth';
import { newId } from '@app/kernel';
import { Messaging } from '@app/messaging';
import { Injectable } from '@nestjs/common';

/** Mails to people of the house. They say no more than where: whoever gets one may have no right to read the record. */
@Injectable()
export class Notices {
  constructor(
    private readonly auth: AuthFacade,
    private readonly messaging: Messaging,
  ) {}

  /** The active people of these usernames, but for whoever wrote them. */
  async peopleCalled(names: readonly string[], authorId: string): Promise<UserCard[]> {
    if (names.length === 0) return [];
    return (await this.auth.usersByUsernames(names)).filter(({ id, isActive }) => isActive && id !== authorId);
  }

  /** In the open transaction. `where` is what the record may be called before anybody. */
  tellMentioned(people: readonly UserCard[], author: string | null, where: string): Promise<void> {
    const line = `${author ?? 'Somebody'} mentioned you in a note.`;
    return this.send(people, { kind: 'notes.mention', subject: `You are mentioned in ${where}`, line });
  }

  /** In the open transaction, to each on their own: who else is told is nobody's business. */
  async send(
    people: readonly UserCard[],
    { kind, subject, line }: { kind: string; subject: string; line: string },
  ): Promise<void> {
    for (const { email, name } of people)
      await this.messaging.send({
        to: [{ address: email, name }],
        subject,
        text: [`Hello ${name},`, '', line, ''].join('\n'),
        purpose: 'transactional',
        autoSubmitted: true,
        about: { kind, id: newId() },
      });
  }
}
