import { type Actor, newId } from '@app/kernel';
import { Global, Module } from '@nestjs/common';
import { Authenticator, BadCredential, type Credential, type Standing, type Ticket } from '../access/index.js';

const holders = new Map<string, Actor>();

/** A token for this actor, good at the door below. */
export function tokenOf(actor: Actor): string {
  const token = newId();
  holders.set(token, actor);
  return token;
}

class TokenDoor extends Authenticator {
  async read(credential: Credential): Promise<Ticket> {
    const id = credential.kind === 'jwt' ? credential.token : '';
    const actor = holders.get(id);
    if (!actor) throw new BadCredential();
    return { kind: 'session', tenantId: actor.tenantId, id, subject: actor.id };
  }

  async stand({ id }: Ticket): Promise<Standing | undefined> {
    const actor = holders.get(id);
    return (
      actor && { actorId: actor.id, name: actor.name, grants: actor.grants, teams: actor.teams, restriction: null }
    );
  }
}

/** Stands in for the context that knows the users, in slices of contexts that may not call it. */
@Global()
@Module({ providers: [{ provide: Authenticator, useClass: TokenDoor }], exports: [Authenticator] })
export class TokenDoorModule {}
