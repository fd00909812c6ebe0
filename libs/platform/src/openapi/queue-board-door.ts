import { Forbidden, NotFound, Unauthenticated } from '@app/kernel';
import type { INestApplication } from '@nestjs/common';
import { Authenticator, BadCredential, readCredential, Restricted, Standings } from '../access/index.js';
import { Config } from '../config/index.js';
import { isSameSecret } from '../crypto/same-secret.js';
import { QueuePermissions } from '../events/index.js';

type Headers = Record<string, string | string[] | undefined>;

class QueuesForbidden extends Forbidden {
  constructor() {
    super('permission_missing', `This needs the permission ${QueuePermissions.manage.name}`, {
      permission: QueuePermissions.manage.name,
    });
  }
}

/** Browsers ask for the password when they are told the scheme. */
export class OperatorUnknown extends Unauthenticated {
  readonly challenge = 'Basic realm="nexus queues"';

  constructor() {
    super(
      'operator_token_required',
      'The queue board is read with METRICS_TOKEN: as a password under any name, or Bearer',
    );
  }
}

/**
 * Who may see the queue board. It shows the jobs of all tenants, so no role of a tenant opens it: it is for whoever runs
 * the installation and has METRICS_TOKEN. Only outside production, and without such a token, a holder of `queues:manage`.
 */
export class QueueBoardDoor {
  private readonly config: Config;

  constructor(private readonly app: INestApplication) {
    this.config = app.get(Config);
  }

  /** @throws NotFound, OperatorUnknown, BadCredential, Restricted, QueuesForbidden */
  async admit(headers: Headers): Promise<void> {
    const { METRICS_TOKEN: token, NODE_ENV } = this.config;
    if (token === undefined && NODE_ENV === 'production') throw new NotFound('not_found', 'There is nothing here');
    if (token === undefined) return this.admitDeveloper(headers);
    if (!isSameSecret(passwordOf(headers.authorization), token)) throw new OperatorUnknown();
  }

  private async admitDeveloper(headers: Headers): Promise<void> {
    const credential = readCredential(headers, this.config.AUTH_ALLOW_RAW_JWT);
    if (!credential) throw new BadCredential();
    const ticket = await this.app.get(Authenticator, { strict: false }).read(credential);
    const { caller } = await this.app.get(Standings, { strict: false }).find(ticket, []);
    if (!caller) throw new BadCredential();
    if (caller.restriction) throw new Restricted(caller.restriction);
    if (!caller.actor.can(QueuePermissions.manage)) throw new QueuesForbidden();
  }
}

function passwordOf(authorization: string | string[] | undefined): string {
  const [, scheme = '', value = ''] = /^(Basic|Bearer) (\S+)$/i.exec(String(authorization)) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  return Buffer.from(value, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
}
