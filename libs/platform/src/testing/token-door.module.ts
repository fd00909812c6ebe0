import type { Actor } from '@app/kernel';
import { Global, Module } from '@nestjs/common';
import { Authenticator, BadCredential, type Credential, type Standing, type Ticket } from '../access/index.js';

const holders = new Map<string, Actor>();

/** A token for this actor, good at the door below. */
export function tokenOf(actor: Actor): string {
  holders.set(actor.id, actor);
  return actor.id;
}

class TokenDoor extends Authenticator {
  async read(credential: Credential): Promise<Ticket> {
    const actor = credential.kind === 'jwt' ? holders.get(credential.token) : undefined;
    if (!actor) throw new BadCredential();
    return { kind: 'session', tenantId: actor.tenantId, id: actor.id, subject: actor.id };
  }

  async stand({ id }: Ticket): Promise<Standing | undefined> {
    const actor = holders.get(id);
    return actor && { actorId: id, name: actor.name, grants: actor.grants, teams: actor.teams, restriction: null };
  }
}

/** Stands in for the context that knows the users, in slices of contexts that may not call it. */
@Global()
@Module({ providers: [{ provide: Authenticator, useClass: TokenDoor }], exports: [Authenticator] })
export class TokenDoorModule {}
