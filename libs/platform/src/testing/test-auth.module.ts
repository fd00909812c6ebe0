import { Global, Module } from '@nestjs/common';
import { Authenticator, BadCredential, type Standing, type Ticket } from '../access/index.js';

/** Lets nobody in: for slices that test below the door. */
class NobodyEnters extends Authenticator {
  read(): Promise<Ticket> {
    return Promise.reject(new BadCredential());
  }

  stand(): Promise<Standing | undefined> {
    return Promise.resolve(undefined);
  }
}

@Global()
@Module({ providers: [{ provide: Authenticator, useClass: NobodyEnters }], exports: [Authenticator] })
export class TestAuthModule {}
