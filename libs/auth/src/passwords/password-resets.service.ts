import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Clock, newId } from '@app/kernel';
import { currentRequestId, Database, runAs, runAsSystem, runOutside } from '@app/platform';
import { Messaging } from '@app/messaging';
import { Injectable, Logger } from '@nestjs/common';
import { PasswordResetRequested } from '../events.js';
import type { Candidate } from '../sessions/login-throttle.js';
import { actingPerson } from '../sessions/sessions.service.js';
import { User } from '../users/user.entity.js';
import { type Addressee, invitation, resetMail } from './password-mails.js';
import { ResetRefused } from './passwords.errors.js';
import { PasswordsService } from './passwords.service.js';

const LIFE_MS = 30 * 60_000;
const INVITATION_LIFE_MS = 7 * 86_400_000;
const MOST_PER_LIFE = 3;
const ANSWER_AFTER_MS = 250;

type Found = { tenant_id: string; reset_id: string; user_id: string };

const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Codes with which somebody who has no password, or lost it, chooses a new one: by mail, once, for half an hour. */
@Injectable()
export class PasswordResets {
  private readonly log = new Logger('password-resets');

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly messaging: Messaging,
    private readonly passwords: PasswordsService,
  ) {}

  /** Always ends alike and after the same time, whether the name is somebody's or nobody's. */
  async forgot(identifier: string, tenant: string | undefined): Promise<void> {
    const name = identifier.trim().toLowerCase();
    const work = this.mailEach(name, tenant).catch((error: Error) =>
      this.log.error({ err: error }, 'a reset could not be mailed'),
    );
    await Promise.all([work, wait(ANSWER_AFTER_MS)]);
  }

  /** Mails a new user the code for their first password. In the open transaction. */
  async invite(user: Addressee): Promise<void> {
    const { id, token } = await this.issue(user.id, INVITATION_LIFE_MS);
    await this.messaging.send({ ...invitation(user, token), about: { kind: 'auth.invitation', id } });
  }

  /** @throws ResetRefused, PasswordRefused */
  async reset(token: string, password: string): Promise<void> {
    const found = await runOutside(() =>
      this.db.one<Found>('select * from password_reset_owner($1, $2)', [tokenHash(token), this.clock.now()]),
    );
    if (!found) throw new ResetRefused();
    await runAsSystem(found.tenant_id, 'auth.password-resets', currentRequestId(), async () => {
      const user = await this.db.get(User, found.user_id);
      const hash = await this.passwords.prepare(password, user);
      await runAs(actingPerson({ tenantId: user.tenantId, userId: user.id, name: user.name }), currentRequestId(), () =>
        this.use(found, hash),
      );
    });
  }

  private use({ reset_id: id, user_id: userId }: Found, hash: string): Promise<void> {
    return this.db.transaction(async () => {
      const now = this.clock.now();
      const [used] = await this.db.query(
        'update password_resets set used_at = $2 where id = $1 and used_at is null and expires_at > $2 returning 1',
        [id, now],
      );
      if (!used) throw new ResetRefused();
      await this.passwords.set(userId, hash);
    });
  }

  private async mailEach(name: string, tenant: string | undefined): Promise<void> {
    const found = await runOutside(() =>
      this.db.query<Candidate>('select * from login_candidates($1, $2)', [name, tenant ?? null]),
    );
    for (const { tenant_id: tenantId, user_id: userId } of found) {
      await runAsSystem(tenantId, 'auth.password-resets', currentRequestId(), () =>
        this.db.transaction(() => this.mail(userId)),
      );
    }
  }

  private async mail(userId: string): Promise<void> {
    const { id, email, name } = await this.db.lock(User, userId);
    const since = new Date(this.clock.now().getTime() - LIFE_MS);
    const recent = await this.db.query('select 1 from password_resets where user_id = $1 and created_at > $2', [
      userId,
      since,
    ]);
    if (recent.length >= MOST_PER_LIFE) return; // enough mails: the last ones still work
    const { id: resetId, token } = await this.issue(userId, LIFE_MS);
    await this.messaging.send({
      ...resetMail({ id, email, name }, token),
      about: { kind: 'auth.password-reset', id: resetId },
    });
    await this.db.publish(PasswordResetRequested({ userId, resetId }));
  }

  private async issue(userId: string, lifeMs: number): Promise<{ id: string; token: string }> {
    const id = newId();
    const token = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    await this.db.query(
      'insert into password_resets (id, user_id, token_hash, created_at, expires_at) values ($1, $2, $3, $4, $5)',
      [id, userId, tokenHash(token), now, new Date(now.getTime() + lifeMs)],
    );
    return { id, token };
  }
}
