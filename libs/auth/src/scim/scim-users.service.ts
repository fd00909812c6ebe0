import { Clock } from '@app/kernel';
import { Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { isEmail } from 'class-validator';
import { Administrators } from '../users/administrators.js';
import { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { ScimInvalidValue, ScimNotFound, ScimTaken } from './scim.errors.js';
import { ScimBounds } from './scim-bounds.js';
import type { PersonDraft } from './scim-person.js';

const userNameTaken = onConstraint('scim_users_user_name_is_free', () => new ScimTaken('userName'));
const externalIdTaken = onConstraint('scim_users_external_id_is_free', () => new ScimTaken('externalId'));

const ACCOUNT = `select u.id, s.user_id is not null and s.removed_at is null as "isTaken", coalesce(s.is_closed, false) as "isClosed" from users u
  left join scim_users s on s.tenant_id = u.tenant_id and s.user_id = u.id
  where u.tenant_id = app_tenant() and u.email = $1`;
const LINK = `select s.user_name as "userName", s.external_id as "externalId", s.removed_at is not null as "isRemoved", s.is_closed as "isClosed"
  from scim_users s where s.tenant_id = app_tenant() and s.user_id = $1`;
const KEEP = `insert into scim_users (user_id, user_name, external_id, is_created) values ($1, $2, $3, $4)
  on conflict (tenant_id, user_id) do update set user_name = excluded.user_name, external_id = excluded.external_id, removed_at = null`;
const REMOVE = `insert into scim_users (user_id, user_name, external_id, is_created, removed_at) values ($1, $2, null, false, $3)
  on conflict (tenant_id, user_id) do update set external_id = null, removed_at = excluded.removed_at`;

const CLOSED = 'update scim_users set is_closed = true where user_id = $1';

type Account = { id: string; isTaken: boolean; isClosed: boolean };
type Link = { userName: string; externalId: string | null; isRemoved: boolean; isClosed: boolean };

/** People as a directory provisions them. What it writes takes turns, tenant by tenant: two creates find each other. */
@Injectable()
export class ScimUsers {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly users: UsersService,
    private readonly administrators: Administrators,
    private readonly bounds: ScimBounds,
  ) {}

  /**
   * Answers the id. An account that has this address and that no directory claimed yet, such as one that single sign-on
   * brought in, becomes the directory's: nobody is there twice.
   * @throws ScimTaken for one that is the directory's already, ScimInvalidValue
   */
  create(draft: PersonDraft): Promise<string> {
    const userName = draft.userName;
    if (userName === undefined) throw new ScimInvalidValue('userName', 'is required');
    const email = draft.email ?? addressIn(userName);
    if (email === undefined) throw new ScimInvalidValue('emails', 'must hold an e-mail address');
    return this.administrators.keepOne(async () => {
      const account = await this.db.one<Account>(ACCOUNT, [email]);
      if (account?.isTaken) throw new ScimTaken('userName');
      const id = account ? await this.adopt(account, draft) : await this.add(email, draft);
      await this.keep(id, { userName, externalId: draft.externalId ?? null }, !account);
      if (draft.isActive === false) await this.close(id);
      return id;
    });
  }

  /** @throws ScimNotFound, ScimProtected, ScimTaken, EmailTaken, ExceedsOwnGrants, LastAdministrator */
  async change(id: string, draft: PersonDraft): Promise<void> {
    await this.administrators.keepOne(async () => {
      const { user, link } = await this.find(id);
      const { userName = link.userName, externalId = link.externalId } = draft;
      await this.keep(id, { userName, externalId }, false);
      await this.amend(user, { ...draft, ...addressOf(user, link, draft) });
      if (draft.isActive === true && user.status !== 'active') await this.open(id, link.isClosed);
      if (draft.isActive === false && user.status === 'active') await this.close(id);
    });
  }

  /**
   * Ends what they could do, at once, and takes them out of the directory's sight (RFC 7644, section 3.6). The record
   * stays, since what they did names them; it is theirs again when the directory brings the same address once more.
   * @throws ScimNotFound, ScimProtected, LastAdministrator
   */
  async remove(id: string): Promise<void> {
    await this.administrators.keepOne(async () => {
      const { user, link } = await this.find(id);
      await this.db.query(REMOVE, [id, link.userName, this.clock.now()]);
      if (user.status === 'active') await this.close(id);
    });
  }

  private async find(id: string): Promise<{ user: User; link: Link }> {
    const user = await this.db.find(User, id);
    const link = user && (await this.db.one<Link>(LINK, [id]));
    if (!user || link?.isRemoved) throw new ScimNotFound('User', id);
    await this.bounds.assertOrdinary([id]);
    return { user, link: link ?? { userName: user.email, externalId: null, isRemoved: false, isClosed: false } };
  }

  /** Without a password and without an invitation: they come in by the provider that stands behind the directory. */
  private async add(email: string, { firstName, lastName, zone, locale }: PersonDraft): Promise<string> {
    const named = firstName === undefined ? {} : { firstName };
    return (await this.users.create({ email, ...named, lastName, zone, locale }, [])).id;
  }

  private async adopt({ id, isClosed }: Account, draft: PersonDraft): Promise<string> {
    await this.bounds.assertOrdinary([id]);
    const user = await this.db.get(User, id);
    await this.amend(user, { ...draft, email: undefined });
    if (draft.isActive !== false && user.status !== 'active') await this.open(id, isClosed);
    return id;
  }

  private async amend(user: User, { firstName, lastName, email, zone, locale }: PersonDraft): Promise<void> {
    if (email !== undefined && email !== user.email) await this.bounds.assertBringsAsMuch(user.id);
    const wanted = Object.entries({ firstName, lastName, email, zone, locale });
    const changed = wanted.filter(([name, value]) => value !== undefined && value !== user[name as keyof User]);
    if (changed.length) await this.users.amend(user.id, undefined, Object.fromEntries(changed));
  }

  /** What the directory closed it may open again, as when somebody comes back from a leave. */
  private async open(id: string, isClosedByIt: boolean): Promise<void> {
    if (!isClosedByIt) await this.bounds.assertBringsAsMuch(id);
    await this.users.reopen(id);
  }

  private async close(id: string): Promise<void> {
    await this.users.close(id);
    await this.db.query(CLOSED, [id]);
  }

  private async keep(
    id: string,
    { userName, externalId }: Pick<Link, 'userName' | 'externalId'>,
    isCreated: boolean,
  ): Promise<void> {
    await this.db.query(KEEP, [id, userName, externalId, isCreated]).catch(userNameTaken).catch(externalIdTaken);
  }
}

const addressIn = (userName: string): string | undefined => (isEmail(userName) ? userName.toLowerCase() : undefined);

/** Of whoever was named by their address, a new name is a new address, unless it is said otherwise. */
function addressOf(user: User, link: Link, { userName, email }: PersonDraft): { email?: string } {
  const wasTheAddress = link.userName.toLowerCase() === user.email;
  const renamed = email === undefined && userName !== undefined && wasTheAddress ? addressIn(userName) : email;
  return renamed === undefined ? {} : { email: renamed };
}
